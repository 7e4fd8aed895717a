import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import ContainerImage

/// A registry in this process that keeps what it gets, and misbehaves as it is told.
final class FakeRegistry: Sendable {
    struct Request: Sendable {
        var method: HTTPMethod
        var path: String
        var query: [String: String]
        var headers: HTTPHeaders
        var body: ByteBuffer
    }

    struct Response: Sendable {
        var status: Int
        var headers: [String: String] = [:]
        var body = ByteBuffer()
        /// Says that the body is longer than it is, then hangs up.
        var cutsBody = false
    }

    /// What it has; two servers may share it.
    final class Storage: Sendable {
        struct State: Sendable {
            var blobs: [String: [Digest: ByteBuffer]] = [:]
            var manifests: [String: [String: (type: String, bytes: ByteBuffer)]] = [:]
            var uploads = 0
            var requests: [Request] = []
        }

        let state = Mutex(State())
    }

    /// Answers instead of the registry, or nil; `count` is how many requests of this method and path there were before.
    typealias Fault = @Sendable (_ request: Request, _ count: Int) -> Response?

    let storage: Storage
    let port: Int
    private let channel: any Channel
    private let fault: Fault
    /// Hang up on an upload after so many bytes, so many times.
    private let cuts: Mutex<(bytes: Int, times: Int)>
    /// Where uploads go on: a path of its own, or another host.
    private let uploadBase: Mutex<String>

    init(
        storage: Storage = Storage(), cutUploads: (bytes: Int, times: Int) = (0, 0),
        fault: @escaping Fault = { _, _ in nil }
    )
        throws
    {
        self.storage = storage
        self.fault = fault
        cuts = Mutex(cutUploads)
        uploadBase = Mutex("")
        let box = Box()
        channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(box))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = channel.localAddress?.port ?? 0
        box.registry.withLock { $0 = self }
    }

    /// No more connections.
    func close() { channel.close(promise: nil) }

    var host: String { "127.0.0.1:\(port)" }

    /// Uploads go on at `base` from now on: `http://host`, or nothing for relative locations.
    func continueUploads(at base: String) { uploadBase.withLock { $0 = base } }

    var requests: [Request] { storage.state.withLock { $0.requests } }

    func connect(_ name: String, credentials: [String: String] = [:], attempts: Int = 4) async throws -> Registry {
        var retry = RetryPolicy()
        retry.attempts = attempts
        let waits = waits
        retry.sleep = { duration in waits.durations.withLock { $0.append(duration) } }
        return try await Registry.connect(
            Reference("\(host)/\(name)"), credentials: Credentials(environment: credentials), allowsHTTP: false,
            retry: retry, transport: .shared)
    }

    final class Waits: Sendable { let durations = Mutex<[Duration]>([]) }
    /// How long clients have been told to wait; nobody does.
    let waits = Waits()

    /// Tags whose manifest, or a blob it names, is missing.
    var brokenTags: [String] {
        storage.state.withLock { state in
            state.manifests.flatMap { repository, manifests in
                manifests.keys.filter { !$0.hasPrefix("sha256:") }.filter { tag in
                    !Self.isWhole(tag, in: repository, state)
                }
            }
        }
    }

    private static func isWhole(_ name: String, in repository: String, _ state: borrowing Storage.State) -> Bool {
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

    // MARK: - The protocol

    fileprivate func cutNow(after received: Int, method: HTTPMethod) -> Bool {
        cuts.withLock { cuts in
            guard method == .PUT, cuts.times > 0, received >= cuts.bytes else { return false }
            cuts.times -= 1
            return true
        }
    }

    fileprivate func respond(_ request: Request) -> Response {
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

    /// The server is bound before the registry is whole; it lives as long as the tests.
    fileprivate final class Box: Sendable {
        let registry = Mutex<FakeRegistry?>(nil)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let box: Box
        private var head: HTTPRequestHead?
        private var body = ByteBuffer()

        init(_ box: Box) { self.box = box }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, ByteBuffer())
            case .body(var bytes):
                body.writeBuffer(&bytes)
                let registry = box.registry.withLock { $0 }
                if let head, registry?.cutNow(after: body.readableBytes, method: head.method) == true {
                    context.close(promise: nil)
                }
            case .end:
                guard let head, let registry = box.registry.withLock({ $0 }) else { return }
                let url = URLComponents(string: head.uri)
                let response = registry.respond(
                    Request(
                        method: head.method, path: url?.path ?? "",
                        query: Dictionary((url?.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { $1 },
                        headers: head.headers, body: body))
                var headers = HTTPHeaders(response.headers.map { ($0.key, $0.value) })
                headers.replaceOrAdd(
                    name: "Content-Length", value: "\(response.body.readableBytes + (response.cutsBody ? 1000 : 0))")
                context.write(
                    wrapOutboundOut(
                        .head(.init(version: .http1_1, status: .init(statusCode: response.status), headers: headers))),
                    promise: nil)
                if head.method != .HEAD {
                    context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil)
                }
                if response.cutsBody {
                    context.flush()
                    context.close(promise: nil)
                } else {
                    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
                }
            }
        }
    }
}
