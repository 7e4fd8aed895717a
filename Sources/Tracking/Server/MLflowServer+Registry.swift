import Foundation
import NIOHTTP1

/// A version of a registered model.
public struct ModelVersion: Decodable, Equatable, Sendable {
    /// The name of the model.
    public var name: String
    /// The number of the version.
    public var version: String
}

extension MLflowServer {
    private struct Reply: Decodable { var model_version: ModelVersion }

    /// The version of a model that has an alias.
    ///
    /// - Parameters:
    ///   - alias: The alias.
    ///   - model: The name of the model.
    /// - Returns: The version, or nil if the model does not exist or no version has the alias.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func version(_ alias: String, of model: String) async throws -> ModelVersion? {
        do {
            let reply: Reply = try await get("registered-models/alias", [("name", model), ("alias", alias)])
            return reply.model_version
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
        let reply: Reply = try await get("model-versions/get", [("name", model), ("version", number)])
        return reply.model_version
    }

    /// The address of the files of a version.
    func source(of version: ModelVersion) async throws -> String {
        struct Reply: Decodable { var artifact_uri: String }
        let query = [("name", version.name), ("version", version.version)]
        return try await get("model-versions/get-download-uri", query, as: Reply.self).artifact_uri
    }
}
