/// `path` if it stays inside of the folder that it is relative to.
func artifactPath(_ path: String) throws(TrackingError) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard !path.isEmpty, parts.allSatisfy({ !["", ".", ".."].contains($0) }),
        path.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else {
        throw .invalid(
            what: "artifact '\(path)'", reason: "it is not a relative path of file names",
            advice: "Give a path such as model/model.gguf.")
    }
    return path
}
