import Foundation

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
        guard FileManager.default.fileExists(atPath: path) else { return }
        let modes = try JSONFile(path: path).object
            .filter { $0.key.hasPrefix("pooling_mode_") && $0.value as? Bool == true }.keys.sorted()
        guard modes == ["pooling_mode_mean_tokens"] else {
            throw PackagingError.unsupported(
                path: path, what: "the pooling mode", found: modes.joined(separator: ", "),
                expected: "pooling_mode_mean_tokens")
        }
    }

    private static func checkModules(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else { return }
        let modules = (try? JSONSerialization.jsonObject(with: data)) as? [[String: Any]] ?? []
        let kinds = modules.map {
            ($0["type"] as? String ?? "").split(separator: ".").last.map(String.init) ?? "missing"
        }
        guard [["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]].contains(kinds) else {
            throw PackagingError.unsupported(
                path: path, what: "the chain of modules", found: kinds.joined(separator: ", "),
                expected: "Transformer and Pooling, optionally followed by Normalize")
        }
    }
}
