import Foundation
import NIOHTTP1

extension MLflowServer {
    /// A registered model.
    ///
    /// - Parameter name: The name of the model.
    /// - Returns: The model, or nil if there is none with this name.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func registeredModel(_ name: String) async throws -> RegisteredModel? {
        do {
            return try await get("registered-models/get", [("name", name)], as: ModelReply.self).model
        } catch let error as TrackingError where error.isMissing {
            return nil
        }
    }

    /// Creates a registered model, unless it exists.
    ///
    /// - Parameters:
    ///   - name: The name of the model.
    ///   - description: A text for people, which a model that exists does not get.
    /// - Throws: `TrackingError` if the name is not valid, or the server cannot be reached or refuses.
    public func createModel(named name: String, description: String = "") async throws {
        try RegisteredModel.check(name: name)
        do {
            let request = ["name": name, "description": description]
            _ = try await call(.POST, "registered-models/create", request, as: Nothing.self)
        } catch let error as TrackingError {
            guard case .refused(_, _, "RESOURCE_ALREADY_EXISTS", _) = error else { throw error }
        }
    }

    /// Creates a version of a registered model, exactly once: if the run has a version of this model with the same source,
    /// that one is returned.
    ///
    /// - Parameter version: The version.
    /// - Returns: The version, with the number that the server has given it.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func create(_ version: NewModelVersion) async throws -> ModelVersion {
        struct Request: Encodable {
            var name: String
            var source: String
            var run_id: String?
            var description: String
            var tags: [KeyValue]
        }
        if let known = try await existing(version) { return known }
        let request = Request(
            name: version.name, source: version.source, run_id: version.run,
            description: version.description.cut(to: 5000), tags: KeyValue.list(version.tags))
        do {
            return try await call(
                .POST, "model-versions/create", request, isRepeatable: false, as: VersionReply.self
            ).model_version.version
        } catch let error as TrackingError {
            // The server may have created the version all the same.
            guard case .unreachable = error, let known = try? await existing(version) else { throw error }
            return known
        }
    }

    /// The version that was made of the same run and the same source, or nil.
    private func existing(_ version: NewModelVersion) async throws -> ModelVersion? {
        struct Reply: Decodable { var model_versions: [VersionReply.Content]? }
        guard let run = version.run else { return nil }
        let query = [("filter", "run_id = '\(run.replacing("'", with: ""))'")]
        return try await get("model-versions/search", query, as: Reply.self).model_versions?
            .map(\.version).first { $0.name == version.name && $0.source == version.source }
    }

    /// The version of a model with a model file, the newest if there are several.
    ///
    /// - Parameters:
    ///   - model: The name of the model.
    ///   - digest: The digest of the model file, as the tag `ModelTag.digest` has it.
    /// - Returns: The version, or nil if no version of the model has the tag with this value.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func version(of model: String, withDigest digest: String) async throws -> ModelVersion? {
        struct Reply: Decodable {
            var model_versions: [VersionReply.Content]?
            var next_page_token: String?
        }
        var found: [ModelVersion] = []
        var token = ""
        repeat {
            let query = [("filter", "name = '\(model.replacing("'", with: "\\'"))'")]
            let reply = try await get(
                "model-versions/search", query + (token.isEmpty ? [] : [("page_token", token)]), as: Reply.self)
            found += (reply.model_versions ?? []).map(\.version).filter { $0.tags[ModelTag.digest] == digest }
            token = reply.next_page_token ?? ""
        } while !token.isEmpty
        return found.max { Int($0.version) ?? 0 < Int($1.version) ?? 0 }
    }

    /// The version of a model that has an alias.
    ///
    /// - Parameters:
    ///   - alias: The alias.
    ///   - model: The name of the model.
    /// - Returns: The version, or nil if the model does not exist or no version has the alias.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func version(_ alias: String, of model: String) async throws -> ModelVersion? {
        do {
            let query = [("name", model), ("alias", alias)]
            return try await get("registered-models/alias", query, as: VersionReply.self).model_version.version
        } catch let error as TrackingError {
            // MLflow says of an alias that does not exist that it is not valid.
            guard case .refused(_, let status, let code, let detail) = error,
                error.isMissing || status == 400 && code == "INVALID_PARAMETER_VALUE" && detail.contains("not found")
            else { throw error }
            return nil
        }
    }

    /// A version of a model.
    ///
    /// - Parameters:
    ///   - model: The name of the model.
    ///   - number: The number of the version.
    /// - Returns: The version.
    /// - Throws: `TrackingError` if the server cannot be reached or does not have the version.
    public func version(of model: String, numbered number: String) async throws -> ModelVersion {
        let query = [("name", model), ("version", number)]
        return try await get("model-versions/get", query, as: VersionReply.self).model_version.version
    }

    /// Makes an alias stand for a version.
    ///
    /// - Parameters:
    ///   - alias: The alias, such as `champion`.
    ///   - version: The version.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func setAlias(_ alias: String, to version: ModelVersion) async throws {
        let request = ["name": version.name, "alias": alias, "version": version.version]
        _ = try await call(.POST, "registered-models/alias", request, as: Nothing.self)
    }

    /// Sets tags of a version.
    ///
    /// - Parameters:
    ///   - tags: The tags.
    ///   - version: The version.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func set(_ tags: [String: String], on version: ModelVersion) async throws {
        for tag in KeyValue.list(tags) {
            let request = ["name": version.name, "version": version.version, "key": tag.key, "value": tag.value]
            _ = try await call(.POST, "model-versions/set-tag", request, as: Nothing.self)
        }
    }

    /// Sets a tag of a registered model, or deletes it if the value is nil.
    func setTag(_ key: String, _ value: String?, ofModel name: String) async throws {
        if let value {
            let request = ["name": name, "key": key, "value": value]
            _ = try await call(.POST, "registered-models/set-tag", request, as: Nothing.self)
        } else {
            let request = ["name": name, "key": key]
            _ = try await call(.DELETE, "registered-models/delete-tag", request, as: Nothing.self)
        }
    }

    /// The address of the files of a version.
    func source(of version: ModelVersion) async throws -> String {
        struct Reply: Decodable { var artifact_uri: String }
        let query = [("name", version.name), ("version", version.version)]
        return try await get("model-versions/get-download-uri", query, as: Reply.self).artifact_uri
    }
}
