/// The name of a model that a tracking server keeps.
public enum ModelReference: Equatable, Sendable {
    /// The version of a registered model that has an alias, such as `mlflow:airline@champion`.
    case alias(model: String, alias: String)
    /// A version of a registered model, such as `mlflow:airline/3`.
    case version(model: String, version: String)
    /// An artifact of a run, such as `runs:/3c82/model`.
    case run(id: String, path: String)

    /// Reads a reference, or returns nil if the text is the name of a file or an image.
    ///
    /// - Parameter text: `mlflow:NAME@ALIAS`, `mlflow:NAME/VERSION`, `runs:/ID/PATH`, or `models:/` instead of `mlflow:`.
    /// - Throws: `TrackingError.invalid` if the text is the start of a reference, and the rest is missing.
    public init?(_ text: String) throws(TrackingError) {
        let invalid = TrackingError.invalid(
            what: text, reason: "it is not the name of a model on a server",
            advice: "Write mlflow:NAME@ALIAS, mlflow:NAME/VERSION, or runs:/ID/PATH.")
        if text.hasPrefix("runs:/") {
            let parts = text.dropFirst(6).drop { $0 == "/" }.split(separator: "/", maxSplits: 1)
            guard parts.count == 2 else { throw invalid }
            self = .run(id: String(parts[0]), path: try artifactPath(String(parts[1])))
            return
        }
        guard let prefix = ["mlflow:", "models:/"].first(where: text.hasPrefix) else { return nil }
        let name = text.dropFirst(prefix.count)
        if let at = name.lastIndex(of: "@"), at > name.startIndex, name.index(after: at) < name.endIndex {
            self = .alias(model: String(name[..<at]), alias: String(name[name.index(after: at)...]))
        } else if let slash = name.lastIndex(of: "/"), slash > name.startIndex,
            Int(name[name.index(after: slash)...]) ?? 0 > 0
        {
            self = .version(model: String(name[..<slash]), version: String(name[name.index(after: slash)...]))
        } else {
            throw invalid
        }
    }
}
