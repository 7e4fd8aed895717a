import NIOCore
import NIOHTTP1

/// One connection: HTTP parts in, whole requests to the service, whole responses out.
final class HTTPHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        case receiving(HTTPRequestHead, ByteBuffer)
        /// Answered already; what still comes of the request is dropped.
        case discarding
    }

    private let service: Service
    private let connections: Connections
    private var state = State.idle
    /// Of the request that is being answered.
    private var cancellation: Cancellation?

    init(_ service: Service, _ connections: Connections) {
        self.service = service
        self.connections = connections
    }

    func channelActive(context: ChannelHandlerContext) {
        connections.opened(context.channel)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancellation?.cancel()
        connections.closed(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), _):
            state = .receiving(head, ByteBuffer())
            let announced = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
            if announced > Service.bodyLimit {
                refuse(head, context)
            } else if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                context.writeAndFlush(
                    wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: .continue))), promise: nil)
            }
        case (.body(var part), .receiving(let head, var body)):
            state = .idle  // so that the buffer below has one owner and grows in place
            body.writeBuffer(&part)
            state = .receiving(head, body)
            if body.readableBytes > Service.bodyLimit { refuse(head, context) }
        case (.end, .receiving(let head, let body)):
            state = .idle
            respond(to: Request(head: head, body: body), head, context)
        case (.end, _):
            state = .idle
        case (.body, _):
            break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as IdleStateHandler.IdleStateEvent where event == .read:
            // Nothing has come for a long time: half a request, or a connection that is not used.
            if !connections.isBusy(context.channel) { context.close(promise: nil) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func respond(to request: Request, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let channel = context.channel  // a closed one could not be asked for any more
        connections.began(channel)
        let cancellation = Cancellation()
        self.cancellation = cancellation
        let eventLoop = context.eventLoop
        let context = NIOLoopBound(context, eventLoop: eventLoop)
        let handler = NIOLoopBound(self, eventLoop: eventLoop)
        service.respond(to: request, on: eventLoop, unless: cancellation).whenSuccess { response in
            handler.value.cancellation = nil
            let keepsAlive = head.canBeFollowed && handler.value.service.isReady
            handler.value.write(response, head, keepsAlive: keepsAlive, channel, context.value)
        }
    }

    /// Answers 413 before the body is read, and closes: there is no telling how much more would come.
    private func refuse(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        state = .discarding
        let problem = Problem(status: .payloadTooLarge, detail: "The body is over \(Service.bodyLimit) bytes.")
        service.recordRefusal(Request(head: head, body: ByteBuffer()), problem.status)
        connections.began(context.channel)
        write(problem.response, head, keepsAlive: false, context.channel, context)
    }

    private func write(
        _ response: Response, _ head: HTTPRequestHead, keepsAlive: Bool, _ channel: any Channel,
        _ context: ChannelHandlerContext
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
        let connections = connections
        written.futureResult.whenComplete { _ in
            connections.ended(channel)
            if !keepsAlive { channel.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}

@available(*, unavailable)
extension HTTPHandler: Sendable {}

extension HTTPRequestHead {
    /// Whether another request can come on this connection: behind an upgrade that is not made, nothing is read.
    fileprivate var canBeFollowed: Bool {
        isKeepAlive && method != .CONNECT && !headers.contains(name: "upgrade")
    }
}
