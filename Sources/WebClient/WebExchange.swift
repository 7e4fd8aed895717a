import NIOCore
import NIOHTTP1

/// Sends one request on a connection, and reads its answer.
final class WebExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: WebRequest
    private let result: EventLoopPromise<WebAnswer>
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []
    private var timer: Scheduled<Void>?
    private var isDone = false

    init(_ request: WebRequest, _ result: EventLoopPromise<WebAnswer>) {
        (self.request, self.result) = (request, result)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: request.timeout) {
            let (handler, context) = loopBound.value
            let milliseconds = handler.request.timeout.nanoseconds / 1_000_000
            let time = milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
            handler.fail(context, "The server has not answered in \(time).")
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: request.address.target)
        head.headers.add(name: "Host", value: request.address.authority)
        for (name, value) in request.headers { head.headers.add(name: name, value: value) }
        head.headers.add(name: "Content-Length", value: "\(request.body.count)")
        head.headers.add(name: "Connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let body = context.channel.allocator.buffer(bytes: request.body)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let bytes): body += bytes.readableBytesView.prefix(max(0, request.answerLimit - body.count))
        case .end:
            guard let head else { return }
            let answer = WebAnswer(
                status: Int(head.status.code), retryAfter: head.headers.first(name: "Retry-After"),
                location: head.headers.first(name: "Location"), body: body)
            finish(context, .success(answer))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(context, "The server has closed the connection without an answer.")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if TLSClient.isEnd(error) {
            channelInactive(context: context)
        } else if let failure = TLSClient.failure(error, host: request.address.host) {
            finish(context, .failure(failure))
        } else {
            fail(context, "The connection has failed: \(quoted("\(error)")).")
        }
    }

    private func fail(_ context: ChannelHandlerContext, _ reason: String) {
        finish(
            context,
            .failure(
                DeliveryFailure(
                    step: "POST", reason: "\(reason) The server is \(request.address.origin).",
                    advice: "Check the network and the server.")))
    }

    private func finish(_ context: ChannelHandlerContext, _ outcome: Result<WebAnswer, DeliveryFailure>) {
        guard !isDone else { return }
        isDone = true
        timer?.cancel()
        result.completeWith(outcome.mapError { $0 as any Error })
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension WebExchange: Sendable {}
