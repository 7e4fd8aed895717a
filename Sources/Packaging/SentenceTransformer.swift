internal import JSON
import ModelFile

/// The files of sentence-transformers next to an encoder's config.json.
enum SentenceTransformer {
    /// Whether a folder was written by sentence-transformers, which saves the encoder without its head.
    static func hasModules(_ folder: String) -> Bool { CheckpointFile.exists("\(folder)/modules.json") }

    /// Reads how the encoder pools, and checks that it does nothing else than to normalize.
    ///
    /// If the files are missing, it is assumed to pool by the mean.
    ///
    /// - Parameter folder: The folder of the checkpoint.
    /// - Returns: The pooling.
    /// - Throws: `PackagingError` if the files describe another chain of modules or another pooling.
    static func pooling(folder: String) throws -> TransformerSchema.Pooling {
        try checkModules(path: "\(folder)/modules.json")
        let path = "\(folder)/1_Pooling/config.json"
        guard CheckpointFile.exists(path) else { return .mean }
        let members = try JSONFile(path: path).object.members ?? []
        let modes = members.filter { $0.key.hasPrefix("pooling_mode_") && $0.value.bool == true }.map(\.key).sorted()
        switch modes {
        case ["pooling_mode_mean_tokens"]: return .mean
        case ["pooling_mode_cls_token"]: return .first
        default:
            throw PackagingError.unsupported(
                path: path, what: "the pooling mode", found: modes.joined(separator: ", "),
                expected: "pooling_mode_mean_tokens, pooling_mode_cls_token")
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
