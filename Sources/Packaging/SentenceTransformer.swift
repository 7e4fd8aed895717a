internal import JSON

/// The files of sentence-transformers next to an encoder's config.json.
enum SentenceTransformer {
    /// Checks that the encoder only pools by the mean and normalizes.
    ///
    /// This is also assumed if the files are missing.
    ///
    /// - Parameter folder: The folder of the checkpoint.
    /// - Throws: `PackagingError` if the files describe another chain of modules or another pooling.
    static func check(folder: String) throws {
        try checkModules(path: "\(folder)/modules.json")
        let path = "\(folder)/1_Pooling/config.json"
        guard CheckpointFile.exists(path) else { return }
        let members = try JSONFile(path: path).object.members ?? []
        let modes = members.filter { $0.key.hasPrefix("pooling_mode_") && $0.value.bool == true }.map(\.key).sorted()
        guard modes == ["pooling_mode_mean_tokens"] else {
            throw PackagingError.unsupported(
                path: path, what: "the pooling mode", found: modes.joined(separator: ", "),
                expected: "pooling_mode_mean_tokens")
        }
    }

    private static func checkModules(path: String) throws {
        guard CheckpointFile.exists(path) else { return }
        let kinds = (try JSON(file: path).elements ?? []).map { module in
            (module["type"]?.string ?? "").split(separator: ".").last.map(String.init) ?? "missing"
        }
        guard [["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]].contains(kinds) else {
            throw PackagingError.unsupported(
                path: path, what: "the chain of modules", found: kinds.joined(separator: ", "),
                expected: "Transformer and Pooling, optionally followed by Normalize")
        }
    }
}
