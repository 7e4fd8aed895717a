import NIOCore
import NIOHTTP1
import NIOPosix

/// One connection to the runtime API, which carries one request after the other.
final class RuntimeConnection: Sendable {
    /// One request, and the promise of its answer.
    fileprivate struct Exchange: Sendable {
        var head: HTTPRequestHead
        var body: ByteBuffer
        var answer: EventLoopPromise<NIOHTTPClientResponseFull>
    }

    private let channel: any Channel

    /// The most bytes of an answer.
    ///
    /// Lambda's events have at most 6 MB.
    static let answerLimit = 8 << 20

    /// Opens a connection.
    ///
    /// - Parameters:
    ///   - address: The address of the runtime API.
    ///   - eventLoop: The event loop of the connection.
    /// - Throws: An error of NIO if the address does not accept it.
    init(_ address: RuntimeAddress, on eventLoop: any EventLoop) throws {
        channel = try ClientBootstrap(group: eventLoop)
            .connectTimeout(.seconds(1))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: Self.answerLimit))
                    try pipeline.addHandler(ExchangeHandler())
                }
            }
            .connect(to: address.resolved()).wait()
    }

    /// Sends a request, and waits for its answer.
    ///
    /// - Throws: An error of NIO if the connection is lost.
    func send(_ head: HTTPRequestHead, _ body: ByteBuffer) throws -> NIOHTTPClientResponseFull {
        let answer = channel.eventLoop.makePromise(of: NIOHTTPClientResponseFull.self)
        channel.writeAndFlush(Exchange(head: head, body: body, answer: answer)).whenFailure { answer.fail($0) }
        return try answer.futureResult.wait()
    }

    func close() { channel.close(promise: nil) }
}

/// Sends the parts of a request, and keeps the promise of its answer.
private final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = NIOHTTPClientResponseFull
    typealias OutboundIn = RuntimeConnection.Exchange
    typealias OutboundOut = HTTPClientRequestPart

    private var answer: EventLoopPromise<NIOHTTPClientResponseFull>?

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        answer = exchange.answer
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if exchange.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(exchange.body))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        answer?.succeed(unwrapInboundIn(data))
        answer = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ChannelError.eof)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error)
        context.close(promise: nil)
    }

    private func fail(_ error: any Error) {
        answer?.fail(error)
        answer = nil
    }
}

@available(*, unavailable)
extension ExchangeHandler: Sendable {}
