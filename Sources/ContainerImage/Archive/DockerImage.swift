/// One image of the file `manifest.json` in a tar, as `docker save` writes it.
///
/// - Source: moby, image/spec/spec.md, "Combined Image JSON + Filesystem Changeset Format".
struct DockerImage: Codable {
    /// The path of the configuration in the tar.
    var config: String
    /// The paths of the layers in the tar, lowest first.
    var layers: [String]
    /// The names of the image.
    var repoTags: [String]?

    /// The names of the image, or nil in place of a name if it has none.
    var names: [String?] {
        guard let repoTags, !repoTags.isEmpty else { return [nil] }
        return repoTags
    }

    enum CodingKeys: String, CodingKey {
        case config = "Config"
        case layers = "Layers"
        case repoTags = "RepoTags"
    }
}
