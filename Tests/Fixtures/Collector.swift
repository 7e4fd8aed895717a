import CZlib
public import JSON
import NIOCore
public import NIOHTTP1
import NIOPosix
import Synchronization

/// A server of telemetry in this process, which answers as a test wants.
public final class Collector: Sendable {
    /// What it does with a request.
    public enum Answer: Sendable {
        /// A status, headers and a body.
        case status(Int, headers: [(String, String)] = [], body: String = "{}")
        /// Ends the connection in the middle of its answer.
        case closeMidBody
        /// Never answers.
        case silence
    }

    /// What it was sent.
    public struct Received: Sendable {
        /// The target of the request.
        public var path: String
        /// Its headers.
        public var headers: HTTPHeaders
        /// Its body, perhaps compressed.
        public var body: [UInt8]

        /// The body without its compression.
        public var content: [UInt8] { headers["Content-Encoding"] == ["gzip"] ? inflated(body) : body }

        /// The lines of the content as JSON.
        public var lines: [JSON] { content.split(separator: 0x0A).compactMap { try? JSON(parsing: $0) } }
    }

    /// What all connections share.
    fileprivate final class Book: Sendable {
        let received = Mutex<[Received]>([])
        let answer: @Sendable (Int) -> Answer

        init(_ answer: @escaping @Sendable (Int) -> Answer) { self.answer = answer }

        func next(_ request: Received) -> Answer {
            answer(
                received.withLock { received in
                    received.append(request)
                    return received.count - 1
                })
        }
    }

    private let channel: any Channel
    private let book: Book

    /// The port.
    public var port: Int { channel.localAddress?.port ?? 0 }
    /// What it was sent so far.
    public var received: [Received] { book.received.withLock { $0 } }

    /// Starts the server.
    ///
    /// - Parameters:
    ///   - port: The port, or 0 for any.
    ///   - answer: The answer to the request with this number, from 0.
    /// - Throws: An error of NIO if the port is not free.
    public init(port: Int = 0, _ answer: @escaping @Sendable (Int) -> Answer = { _ in .status(200) }) throws {
        let book = Book(answer)
        self.book = book
        channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(CollectorHandler(book))
                }
            }
            .bind(host: "127.0.0.1", port: port).wait()
    }

    /// Stops to listen.
    public func stop() { try? channel.close().wait() }

    deinit { channel.close(promise: nil) }
}

private final class CollectorHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let book: Collector.Book
    private var request = Collector.Received(path: "", headers: [:], body: [])

    init(_ book: Collector.Book) { self.book = book }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): request = .init(path: head.uri, headers: head.headers, body: [])
        case .body(let bytes): request.body += bytes.readableBytesView
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        switch book.next(request) {
        case .silence: break
        case .closeMidBody:
            let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "100"])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "{\"a")))), promise: nil)
            context.close(promise: nil)
        case .status(let status, let headers, let body):
            var all = HTTPHeaders(headers)
            all.add(name: "Content-Length", value: "\(body.utf8.count)")
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: all)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}

/// The bytes that were compressed with gzip, at most a few megabytes.
///
/// - Parameter bytes: The compressed bytes.
/// - Returns: The bytes, or nothing if they are not valid.
public func inflated(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    guard czlib_inflate_init(&stream, 15 + 16) == Z_OK else { return [] }
    defer { inflateEnd(&stream) }
    var input = bytes
    return input.withUnsafeMutableBufferPointer { input in
        [UInt8](unsafeUninitializedCapacity: 8 << 20) { output, count in
            (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
            (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
            let code = inflate(&stream, Z_FINISH)
            count = code == Z_STREAM_END ? output.count - Int(stream.avail_out) : 0
        }
    }
}
