import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import Tracking

/// A server in this process that answers as a test tells it to, and remembers what it was asked.
final class FakeServer: Sendable {
    struct Request: Sendable {
        var method: String
        var path: String
        var headers: HTTPHeaders
        var body: Data
    }

    /// An answer; nil closes the connection without one.
    struct Response: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body = "{}"
        /// The body as bytes, instead of the text.
        var bytes: Data?
        /// The number of bytes of the body after which the connection breaks, or nil.
        var cut: Int?
        /// Whether no answer is ever sent.
        var isSilent = false
    }

    typealias Answer = @Sendable (_ request: Request, _ number: Int) -> Response?

    let port: Int
    private let channel: any Channel
    private let log = Mutex<[Request]>([])

    /// What was asked so far.
    var requests: [Request] { log.withLock(\.self) }

    init(_ answer: @escaping Answer) throws {
        let box = Box()
        channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        Handler { request in
                            let number =
                                box.server.withLock { $0 }?.log.withLock { log in
                                    log.append(request)
                                    return log.count - 1
                                } ?? 0
                            return answer(request, number)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = channel.localAddress?.port ?? 0
        box.server.withLock { $0 = self }
    }

    func stop() async throws { try await channel.close() }

    /// The server as the environment would name it, with little patience.
    func mlflow(
        _ environment: [String: String] = [:],
        patience: Patience = Patience(
            attempts: 3, delay: .milliseconds(1), longestDelay: .milliseconds(5), silence: .seconds(10))
    ) throws -> MLflowServer {
        let uri = ["MLFLOW_TRACKING_URI": "http://127.0.0.1:\(port)"]
        guard let server = try MLflowServer.named(by: uri.merging(environment) { $1 }, patience: patience) else {
            throw TrackingError.invalid(what: "the test", reason: "there is no server", advice: "")
        }
        return server
    }

    private final class Box: Sendable {
        let server = Mutex<FakeServer?>(nil)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let answer: (Request) -> Response?
        private var request = Request(method: "", path: "", headers: [:], body: Data())

        init(_ answer: @escaping (Request) -> Response?) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                request = Request(method: head.method.rawValue, path: head.uri, headers: head.headers, body: Data())
            case .body(let bytes): request.body += Data(bytes.readableBytesView)
            case .end:
                guard let response = answer(request) else { return context.close(promise: nil) }
                guard !response.isSilent else { return }
                var headers = HTTPHeaders(response.headers.map { ($0, $1) })
                let body = response.bytes ?? Data(response.body.utf8)
                headers.add(name: "Content-Length", value: "\(body.count)")
                let status = HTTPResponseStatus(statusCode: response.status)
                context.write(
                    wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
                let sent = ByteBuffer(bytes: body.prefix(response.cut ?? body.count))
                context.write(wrapOutboundOut(.body(.byteBuffer(sent))), promise: nil)
                guard response.cut == nil else {
                    context.flush()
                    return context.close(promise: nil)
                }
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
