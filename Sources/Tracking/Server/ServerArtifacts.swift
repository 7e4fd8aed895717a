import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

extension MLflowServer {
    /// The files at an address that the server has named.
    func artifacts(at address: String) throws(TrackingError) -> any ArtifactStore {
        guard let parts = URLComponents(string: address), let scheme = parts.scheme?.lowercased() else {
            throw unknown(address)
        }
        switch scheme {
        case "mlflow-artifacts":
            // Only the server itself gets the credentials.
            guard parts.host == nil || parts.host == "" || parts.host == self.address.host else {
                throw unknown(address)
            }
            return ServerArtifacts(server: self, root: parts.path.drop { $0 == "/" }.description)
        default:
            guard let store = try ArtifactStores.store(at: address, environment, patience: connection.patience) else {
                throw unknown(address)
            }
            return store
        }
    }

    private func unknown(_ address: String) -> TrackingError {
        .invalid(
            what: redact(URL(string: address)?.withoutSecrets ?? "the address of the artifacts"),
            reason: "artifacts cannot be stored or fetched there",
            advice: "Start the server with --serve-artifacts, so that artifacts go through it, or keep them at one of "
                + "\(ArtifactStores.forms).")
    }
}

/// Files that an MLflow server passes on to the place where it keeps them.
struct ServerArtifacts: ArtifactStore {
    let server: MLflowServer
    /// The path of the folder, without a slash at its start.
    let root: String

    private func url(_ path: String, query: String = "") throws(TrackingError) -> URL {
        let path = percentEncoded(path, slashes: true)
        let base = "\(server.address.absoluteString)/api/2.0/mlflow-artifacts/artifacts"
        guard let url = URL(string: base + (path.isEmpty ? "" : "/\(path)") + query) else {
            throw .invalid(what: path, reason: "it is not a path", advice: "Check the name of the artifact.")
        }
        return url
    }

    func put(_ file: String, as path: String) async throws {
        let url = try url("\(root)/\(path)")
        let body = Connection.Body.file(file, offset: 0, size: try FilePart.size(of: file))
        let answer = try await server.connection.send(
            .PUT, url, headers: ["Content-Type": "application/octet-stream"], body: body)
        _ = try await server.connection.document(answer, "PUT \(url.withoutSecrets)")
    }

    func list(_ folder: String) async throws -> [String] {
        struct Reply: Decodable {
            struct File: Decodable {
                var path: String
                var is_dir: Bool?
            }
            var files: [File]?
        }
        let path = folder.isEmpty ? root : "\(root)/\(folder)"
        let url = try url("", query: "?path=\(percentEncoded(path))")
        let answer = try await server.connection.send(.GET, url)
        let data = try await server.connection.document(answer, "GET \(url.withoutSecrets)")
        // The server names files relative to the folder that was asked for.
        return (try? JSONDecoder().decode(Reply.self, from: data))?.files?.map { file in
            (folder.isEmpty ? "" : "\(folder)/") + file.path + (file.is_dir == true ? "/" : "")
        } ?? []
    }

    func get(_ path: String, _ receive: (ByteBuffer) throws -> Void) async throws {
        let url = try url("\(root)/\(path)")
        try await server.connection.fetch(url, receive)
    }
    func delete(_ path: String) async throws {
        let url = try url("\(root)/\(path)")
        let answer = try await server.connection.send(.DELETE, url)
        guard answer.status != 404 else { return }
        _ = try await server.connection.document(answer, "DELETE \(url.withoutSecrets)")
    }
}
