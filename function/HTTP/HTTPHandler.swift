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
///
/// While the client does not read, an answer is not ended. `HTTPServerPipelineHandler` delivers and reads no further
/// request until then, so the answers that wait in memory are bounded.
final class HTTPHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let lifecycle: Lifecycle
    private let respond: Responder
    private let writeTimeout: TimeAmount
    private var state = ConnectionState()
    /// The cancellation of the request that is being answered.
    private var cancellation: Cancellation?
    /// Whether another request may follow the answer that was written last.
    private var keepsAlive = true
    /// The number of answers that may be ended now.
    private var waitingEnds = 0
    /// Closes the connection if the client does not read.
    private var writeTimer: Scheduled<Void>?

    /// Creates the handler of a connection.
    ///
    /// - Parameters:
    ///   - lifecycle: The state of the process.
    ///   - writeTimeout: A connection is closed if its client takes longer than this to read an answer.
    ///   - respond: Answers the requests.
    init(_ lifecycle: Lifecycle, writeTimeout: TimeAmount, respond: @escaping Responder) {
        self.lifecycle = lifecycle
        self.writeTimeout = writeTimeout
        self.respond = respond
    }

    func channelActive(context: ChannelHandlerContext) {
        lifecycle.opened(context.channel)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancellation?.cancel()
        writeTimer?.cancel()
        perform(state.closed(), context)
        lifecycle.closed(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        perform(state.received(unwrapInboundIn(data)), context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        perform(state.writabilityChanged(to: context.channel.isWritable), context)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as IdleStateHandler.IdleStateEvent where event == .read: perform(state.timedOut(), context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError, context.channel.isActive {
            perform(state.receivedInvalid("The request is not valid HTTP: \(error.debugDescription)."), context)
        } else {
            context.close(promise: nil)
        }
    }

    private func perform(_ action: ConnectionState.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .none: break
        case .close: context.close(promise: nil)
        case .sendContinue(let version):
            let head = HTTPResponseHead(version: version, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        case .respond(let head, let body): answer(head, body, context)
        case .flush:
            context.flush()
            watchClient(context)
        case .finish: finish(context)
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
            // If the body was not read to its end, the start of the next request is unknown.
            var keepsAlive = head.canBeFollowed && handler.lifecycle.isReady
            if case .complete = body {} else { keepsAlive = false }
            handler.write(response, head, keepsAlive: keepsAlive, context.value)
        }
    }

    private func write(
        _ response: Response, _ head: HTTPRequestHead, keepsAlive: Bool, _ context: ChannelHandlerContext
    ) {
        var headers = HTTPHeaders([
            ("Content-Type", response.contentType), ("Content-Length", String(response.body.readableBytes)),
            ("X-Content-Type-Options", "nosniff"),
        ])
        for (name, value) in response.headers { headers.add(name: name, value: value) }
        if !keepsAlive { headers.add(name: "Connection", value: "close") }
        let responseHead = HTTPResponseHead(version: head.version, status: response.status, headers: headers)
        context.write(wrapOutboundOut(.head(responseHead)), promise: nil)
        if head.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil) }
        self.keepsAlive = keepsAlive
        perform(state.wrote(), context)
    }

    /// Ends the answer that was written last.
    ///
    /// The next request may be answered meanwhile, if it has already arrived. Its answer is ended here too, because
    /// otherwise the calls would nest as deep as there are requests.
    private func finish(_ context: ChannelHandlerContext) {
        waitingEnds += 1
        guard waitingEnds == 1 else { return }
        while waitingEnds > 0 {
            end(keepsAlive: keepsAlive, context)
            waitingEnds -= 1
        }
        watchClient(context)
    }

    private func end(keepsAlive: Bool, _ context: ChannelHandlerContext) {
        let sent = context.eventLoop.makePromise(of: Void.self)
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.value.eventLoop)
        sent.futureResult.whenComplete { _ in
            let (handler, context) = (handler.value, context.value)
            handler.lifecycle.ended()
            handler.writeTimer?.cancel()
            handler.writeTimer = nil
            handler.perform(handler.state.answered(keepsAlive: keepsAlive), context)
            handler.watchClient(context)
        }
        context.value.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }

    /// Closes the connection after the timeout if an answer waits until the client reads.
    private func watchClient(_ context: ChannelHandlerContext) {
        guard state.waitsForClient, writeTimer == nil, context.channel.isActive else { return }
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        writeTimer = context.value.eventLoop.scheduleTask(in: writeTimeout) { context.value.close(promise: nil) }
    }
}

@available(*, unavailable)
extension HTTPHandler: Sendable {}
