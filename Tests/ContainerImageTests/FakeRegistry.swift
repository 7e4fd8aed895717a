import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import ContainerImage

/// A registry in this process that stores what it is sent, and fails on purpose where a test asks for it.
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
        /// Whether to announce a longer body than is sent, and then close the connection.
        var cutsBody = false
        /// The time between two bytes of the body; nil sends it at once.
        var interval: TimeAmount?
    }

    /// What a registry stores; two registries may share it.
    final class Storage: Sendable {
        struct State: Sendable {
            var blobs: [String: [Digest: ByteBuffer]] = [:]
            var manifests: [String: [String: (type: String, bytes: ByteBuffer)]] = [:]
            var uploads = 0
            var requests: [Request] = []
        }

        let state = Mutex(State())
    }

    /// Returns an answer in place of the normal one, or nil; `count` is the number of earlier requests with the same
    /// method and path.
    typealias Fault = @Sendable (_ request: Request, _ count: Int) -> Response?

    let storage: Storage
    let port: Int
    private let channel: any Channel
    let fault: Fault
    /// How many more uploads to cut off, and after how many bytes.
    private let cuts: Mutex<(bytes: Int, times: Int)>
    /// The start of the address where uploads continue; empty for a relative address.
    let uploadBase: Mutex<String>

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

    /// Stops accepting connections.
    func close() { channel.close(promise: nil) }

    var host: String { "127.0.0.1:\(port)" }

    /// Makes uploads continue at `base`, such as `http://host`; empty for a relative address.
    func continueUploads(at base: String) { uploadBase.withLock { $0 = base } }

    var requests: [Request] { storage.state.withLock { $0.requests } }

    func connect(
        _ name: String, credentials: [String: String] = [:], attempts: Int = 4,
        allowsPrivateRedirects: Bool = false, transport: Transport = .shared
    ) async throws -> Registry {
        var retry = RetryPolicy()
        retry.attempts = attempts
        let waits = waits
        retry.sleep = { duration in waits.durations.withLock { $0.append(duration) } }
        return try await Registry.connect(
            Reference("\(host)/\(name)"), credentials: Credentials(environment: credentials), allowsHTTP: false,
            allowsPrivateRedirects: allowsPrivateRedirects, retry: retry, transport: transport)
    }

    final class Waits: Sendable { let durations = Mutex<[Duration]>([]) }
    /// The waits that clients were asked for; tests skip them.
    let waits = Waits()

    /// The tags that stand for an incomplete image.
    var brokenTags: [String] {
        storage.state.withLock { state in
            state.manifests.flatMap { repository, manifests in
                manifests.keys.filter { !$0.hasPrefix("sha256:") }.filter { tag in
                    !Self.isWhole(tag, in: repository, state)
                }
            }
        }
    }

    // MARK: - The server

    /// Whether to cut off an upload after `received` bytes.
    fileprivate func cutNow(after received: Int, method: HTTPMethod) -> Bool {
        cuts.withLock { cuts in
            guard method == .PUT, cuts.times > 0, received >= cuts.bytes else { return false }
            cuts.times -= 1
            return true
        }
    }

    /// Sends a body byte by byte, until it ends or the client leaves.
    fileprivate static func drip(_ body: ByteBuffer, every interval: TimeAmount, _ channel: any Channel) {
        var body = body
        guard channel.isActive, let byte = body.readSlice(length: 1) else { return channel.close(promise: nil) }
        channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(byte)), promise: nil)
        let rest = body
        channel.eventLoop.scheduleTask(in: interval) { drip(rest, every: interval, channel) }
    }

    /// Holds the registry for the handlers, because the server starts before the registry is initialized.
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
                if let interval = response.interval {
                    context.flush()
                    return FakeRegistry.drip(response.body, every: interval, context.channel)
                }
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
