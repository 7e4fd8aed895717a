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

    private let connections: Connections
    private let date: HTTPDate
    private let respond: Responder
    private var state: ConnectionState
    /// What the server knows of this connection, or nil before it is open.
    private var connection: Connection?
    /// The cancellation of the request that is being answered.
    private var cancellation: Cancellation?
    /// Whether another request may follow the answer that was written last.
    private var keepsAlive = true
    /// The reason why a request whose head has not arrived is refused.
    private var failure: (status: HTTPResponseStatus, detail: String)?
    /// The number of answers that may be ended now.
    private var waitingEnds = 0

    /// Creates the handler of a connection.
    ///
    /// - Parameters:
    ///   - connections: The open connections of the server.
    ///   - date: The clock for the header `Date`.
    ///   - now: The time.
    ///   - respond: Answers the requests.
    init(_ connections: Connections, _ date: HTTPDate, now: NIODeadline, respond: @escaping Responder) {
        self.connections = connections
        self.date = date
        self.respond = respond
        state = ConnectionState(connections.limits, isDraining: connections.isDraining, now: now)
    }

    func channelActive(context: ChannelHandlerContext) {
        connection = connections.admit(context.channel, now: context.eventLoop.now)
        publish()
        guard connection != nil else { return context.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancellation?.cancel()
        perform(state.closed(), context)
        connection.map(connections.closed)
        connection = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        perform(state.received(unwrapInboundIn(data), context.eventLoop.now), context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        perform(state.writabilityChanged(to: context.channel.isWritable), context)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ArrivalHandler.Event:
            state.arrived(context.eventLoop.now)
            publish()
        case let event as ConnectionEvent: perform(state.told(event, context.eventLoop.now), context)
        case ChannelEvent.inputClosed: perform(state.inputClosed(), context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, context.channel.isActive else {
            return context.close(promise: nil)
        }
        if let failure {
            self.failure = nil
            perform(state.receivedInvalid(failure.status, failure.detail), context)
        } else if error == .headerOverflow {
            let limit = ConnectionLimits.headerBytes
            perform(
                state.receivedInvalid(.requestHeaderFieldsTooLarge, "The headers have more than \(limit) bytes."),
                context)
        } else {
            let detail = "The request is not valid HTTP: \(error.debugDescription)."
            perform(state.receivedInvalid(.badRequest, detail), context)
        }
    }

    private func perform(_ action: ConnectionState.Action, _ context: ChannelHandlerContext) {
        publish()
        switch action {
        case .none: break
        case .close: context.close(promise: nil)
        case .shutDown:
            let context = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.value.close(mode: .output).whenFailure { _ in context.value.close(promise: nil) }
        case .sendContinue(let version):
            let head = HTTPResponseHead(version: version, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        case .respond(let head, let body): answer(head, body, context)
        case .fail(let status, let detail):
            // `HTTPServerPipelineHandler` lets an answer pass only after a request or after an error of the parser.
            failure = (status, detail)
            context.pipeline.fireErrorCaught(HTTPParserError.unknown)
        case .flush: context.flush()
        case .finish: finish(context)
        }
    }

    /// Lets the server know how the connection is doing.
    private func publish() {
        guard let connection else { return }
        connection.deadline = state.deadline
        connection.waitingSince = state.waitingSince
        connections.hold(state.bodyBytes, connection)
    }

    private func answer(_ head: HTTPRequestHead, _ body: Request.Body, _ context: ChannelHandlerContext) {
        let cancellation = Cancellation()
        self.cancellation = cancellation
        let isSurplus = connection?.isSurplus ?? false
        let eventLoop = context.eventLoop
        let context = NIOLoopBound(context, eventLoop: eventLoop)
        let handler = NIOLoopBound(self, eventLoop: eventLoop)
        let peer = context.value.channel.remoteAddress
        let request = Request(head: head, body: body, isSurplus: isSurplus, peer: peer)
        respond(request, eventLoop, cancellation).whenSuccess { response in
            let handler = handler.value
            handler.cancellation = nil
            // If the body was not read to its end, the start of the next request is unknown.
            var keepsAlive = head.canBeFollowed && !handler.state.isDraining && !isSurplus
            if case .complete = body {} else { keepsAlive = false }
            handler.write(response, head, keepsAlive: keepsAlive, context.value)
        }
    }

    private func write(
        _ response: Response, _ head: HTTPRequestHead, keepsAlive: Bool, _ context: ChannelHandlerContext
    ) {
        var headers = HTTPHeaders(response.fields + [("Date", date.now)])
        if response.status.mayHaveResponseBody {
            headers.add(name: "Content-Length", value: String(response.body.readableBytes))
        }
        if !keepsAlive { headers.add(name: "Connection", value: "close") }
        let responseHead = HTTPResponseHead(version: head.version, status: response.status, headers: headers)
        context.write(wrapOutboundOut(.head(responseHead)), promise: nil)
        if head.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil) }
        self.keepsAlive = keepsAlive
        perform(state.wrote(context.eventLoop.now), context)
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
    }

    private func end(keepsAlive: Bool, _ context: ChannelHandlerContext) {
        let sent = context.eventLoop.makePromise(of: Void.self)
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.value.eventLoop)
        sent.futureResult.whenComplete { _ in
            let (handler, context) = (handler.value, context.value)
            handler.perform(handler.state.answered(keepsAlive: keepsAlive, context.eventLoop.now), context)
        }
        context.value.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }
}

@available(*, unavailable)
extension HTTPHandler: Sendable {}
