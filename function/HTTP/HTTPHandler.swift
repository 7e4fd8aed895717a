import NIOCore
import NIOHTTP1

/// Answers a request.
///
/// The future succeeds on the event loop that it is given.
typealias Responder =
    @Sendable (_ request: Request, _ eventLoop: any EventLoop, _ cancellation: Cancellation) -> EventLoopFuture<
        Response
    >

/// One connection: HTTP parts come in, the responder is asked, and responses go out.
final class HTTPHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let lifecycle: Lifecycle
    private let respond: Responder
    private var state = ConnectionState()
    /// The cancellation of the request that is being answered.
    private var cancellation: Cancellation?

    init(_ lifecycle: Lifecycle, respond: @escaping Responder) {
        self.lifecycle = lifecycle
        self.respond = respond
    }

    func channelActive(context: ChannelHandlerContext) {
        lifecycle.opened(context.channel)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancellation?.cancel()
        lifecycle.closed(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        perform(state.received(unwrapInboundIn(data)), context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as IdleStateHandler.IdleStateEvent where event == .read: perform(state.timedOut(), context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func perform(_ action: ConnectionState.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .none: break
        case .close: context.close(promise: nil)
        case .sendContinue(let version):
            let head = HTTPResponseHead(version: version, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        case .respond(let head, let body): answer(head, body, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ body: Request.Body, _ context: ChannelHandlerContext) {
        lifecycle.began()
        let cancellation = Cancellation()
        self.cancellation = cancellation
        let eventLoop = context.eventLoop
        let context = NIOLoopBound(context, eventLoop: eventLoop)
        let handler = NIOLoopBound(self, eventLoop: eventLoop)
        respond(Request(head: head, body: body), eventLoop, cancellation).whenSuccess { response in
            let handler = handler.value
            handler.cancellation = nil
            // After a body that was not read, the next request cannot be found.
            let keepsAlive = head.canBeFollowed && body != .tooLarge && handler.lifecycle.isReady
            handler.write(response, head, keepsAlive: keepsAlive, context.value)
        }
    }

    private func write(
        _ response: Response, _ head: HTTPRequestHead, keepsAlive: Bool, _ context: ChannelHandlerContext
    ) {
        var headers = HTTPHeaders([
            ("Content-Type", response.contentType), ("Content-Length", String(response.body.readableBytes)),
        ])
        for (name, value) in response.headers { headers.add(name: name, value: value) }
        if !keepsAlive { headers.add(name: "Connection", value: "close") }
        let responseHead = HTTPResponseHead(version: head.version, status: response.status, headers: headers)
        context.write(wrapOutboundOut(.head(responseHead)), promise: nil)
        if head.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.value.eventLoop)
        written.futureResult.whenComplete { _ in
            let handler = handler.value
            handler.lifecycle.ended()
            handler.perform(handler.state.answered(keepsAlive: keepsAlive), context.value)
        }
        context.value.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}

@available(*, unavailable)
extension HTTPHandler: Sendable {}

extension HTTPRequestHead {
    /// Whether another request may follow on this connection.
    ///
    /// After an upgrade that is not made, nothing is read.
    fileprivate var canBeFollowed: Bool {
        isKeepAlive && method != .CONNECT && !headers.contains(name: "upgrade")
    }
}
