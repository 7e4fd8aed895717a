import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

@testable import ContainerImage

/// The part of the distribution protocol that the tests need.
///
/// - Source: OCI distribution-spec 1.1.1.
extension FakeRegistry {
    /// Whether the registry has everything that a manifest or an index lists.
    static func isWhole(_ name: String, in repository: String, _ state: borrowing Storage.State) -> Bool {
        guard let entry = state.manifests[repository]?[name] else { return false }
        let data = Data(entry.bytes.readableBytesView)
        if let index = try? JSONDecoder().decode(Index.self, from: data) {
            return index.manifests.allSatisfy { descriptor in
                state.manifests[repository]?.keys.contains("\(descriptor.digest)") == true
            }
        }
        guard let manifest = try? JSONDecoder().decode(Manifest.self, from: data) else { return false }
        let blobs = state.blobs[repository] ?? [:]
        return (manifest.layers + [manifest.config]).allSatisfy {
            blobs[$0.digest].map { Int64($0.readableBytes) } == $0.size
        }
    }

    /// Answers a request, with the fault of the registry or as the protocol says.
    func respond(_ request: Request) -> Response {
        let count = storage.state.withLock { state in
            defer { state.requests.append(request) }
            return state.requests.count { $0.method == request.method && $0.path == request.path }
        }
        if let response = fault(request, count) { return response }
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.first == "v2" else { return Response(status: 404) }
        if parts.count == 1 { return Response(status: 200) }
        let kind = parts.lastIndex { $0 == "blobs" || $0 == "manifests" || $0 == "referrers" } ?? 0
        guard kind > 1, kind < parts.count - 1 else { return Response(status: 404) }
        let (repository, name) = (parts[1..<kind].joined(separator: "/"), parts[kind + 1])
        return storage.state.withLock { state in
            switch (request.method, parts[kind]) {
            case (.HEAD, "blobs"), (.GET, "blobs"):
                guard let digest = Digest(name), let blob = state.blobs[repository]?[digest] else {
                    return Response(status: 404)
                }
                return Response(status: 200, headers: ["Content-Type": "application/octet-stream"], body: blob)
            case (.POST, "blobs"):
                if let digest = request.query["mount"].flatMap({ Digest($0) }), let from = request.query["from"],
                    let blob = state.blobs[from]?[digest]
                {
                    state.blobs[repository, default: [:]][digest] = blob
                    return Response(status: 201)
                }
                state.uploads += 1
                let location =
                    "\(uploadBase.withLock { $0 })/v2/\(repository)/blobs/uploads/\(state.uploads)?state=a%2Fb"
                return Response(status: 202, headers: ["Location": location])
            case (.PUT, "blobs"):
                guard let digest = request.query["digest"].flatMap({ Digest($0) }), request.query["state"] == "a/b",
                    Digest(of: request.body) == digest
                else {
                    return Response(status: 400, body: ByteBuffer(string: #"{"errors":[{"code":"DIGEST_INVALID"}]}"#))
                }
                state.blobs[repository, default: [:]][digest] = request.body
                return Response(status: 201, headers: ["Docker-Content-Digest": "\(digest)"])
            case (.PUT, "manifests"):
                let type = request.headers.first(name: "Content-Type") ?? ""
                let digest = Digest(of: request.body)
                let before = state.manifests[repository]?[name]
                state.manifests[repository, default: [:]]["\(digest)"] = (type, request.body)
                state.manifests[repository, default: [:]][name] = (type, request.body)
                guard Self.isWhole(name, in: repository, state) else {
                    state.manifests[repository]?[name] = before
                    return Response(
                        status: 400, body: ByteBuffer(string: #"{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}"#))
                }
                return Response(status: 201, headers: ["Docker-Content-Digest": "\(digest)"])
            case (.GET, "manifests"):
                guard let entry = state.manifests[repository]?[name] else { return Response(status: 404) }
                return Response(status: 200, headers: ["Content-Type": entry.type], body: entry.bytes)
            default: return Response(status: 405)
            }
        }
    }
}
