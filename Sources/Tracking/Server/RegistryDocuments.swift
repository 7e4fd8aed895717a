/// The answer about one version of a registered model.
struct VersionReply: Decodable {
    struct Content: Decodable {
        var name: String
        var version: ModelVersion

        private enum CodingKeys: String, CodingKey { case name, version, source, run_id, tags, aliases }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            name = try values.decode(String.self, forKey: .name)
            let run = try values.decodeIfPresent(String.self, forKey: .run_id)
            version = ModelVersion(
                name: name, version: try values.decode(String.self, forKey: .version),
                source: try values.decodeIfPresent(String.self, forKey: .source) ?? "",
                run: run?.isEmpty == true ? nil : run,
                tags: KeyValue.dictionary(try values.decodeIfPresent([KeyValue].self, forKey: .tags)),
                aliases: try values.decodeIfPresent([String].self, forKey: .aliases) ?? [])
        }
    }
    var model_version: Content
}

/// The answer about one registered model.
struct ModelReply: Decodable {
    private struct Content: Decodable {
        struct Alias: Decodable {
            var alias: String
            var version: String
        }
        var name: String
        var tags: [KeyValue]?
        var aliases: [Alias]?
    }
    private var registered_model: Content

    var model: RegisteredModel {
        RegisteredModel(
            name: registered_model.name, tags: KeyValue.dictionary(registered_model.tags),
            aliases: Dictionary((registered_model.aliases ?? []).map { ($0.alias, $0.version) }) { $1 })
    }
}
