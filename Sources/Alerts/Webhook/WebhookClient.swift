import Feedback
import NIOCore
import NIOHTTP1

/// Sends alerts to webhooks.
struct WebhookClient {
    private let settings: WebhookSettings

    init(_ settings: WebhookSettings) { self.settings = settings }

    /// Sends a message on a connection of its own.
    func send(_ message: AlertMessage, on eventLoop: any EventLoop) -> EventLoopFuture<String?> {
        let result = eventLoop.makePromise(of: String?.self)
        let address = settings.address
        let request = WebhookRequest(message, settings)
        let connection = Connection.open(
            host: address.host, port: address.port, usesTLS: address.usesTLS, on: eventLoop
        ) { [settings] pipeline in
            try pipeline.addHTTPClientHandlers()
            try pipeline.addHandler(WebhookHandler(request, settings, result))
        }
        connection.cascadeFailure(to: result)
        return result.futureResult
    }
}

/// Sends one request, and reads its answer.
final class WebhookHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: WebhookRequest
    private let settings: WebhookSettings
    private let result: EventLoopPromise<String?>
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []
    private var timer: Scheduled<Void>?
    private var isDone = false

    /// The number of bytes of an answer that are kept.
    private static let limit = 1000

    init(_ request: WebhookRequest, _ settings: WebhookSettings, _ result: EventLoopPromise<String?>) {
        (self.request, self.settings, self.result) = (request, settings, result)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: AlertChannel.timeout) {
            let (handler, context) = loopBound.value
            handler.fail(
                context, "The server has not answered in \(AlertChannel.timeout.nanoseconds / 1_000_000_000) s.")
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: settings.address.target)
        head.headers.add(name: "Host", value: settings.address.authority)
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
        case .body(let bytes): body += bytes.readableBytesView.prefix(max(0, Self.limit - body.count))
        case .end: if let head { answered(head, context) }
        }
    }

    private func answered(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
        let status = Int(head.status.code)
        guard !(200..<300).contains(status) else { return finish(context, .success(nil)) }
        let secrets = [settings.address.target, settings.secret ?? ""].filter { $0.utf8.count > 1 }
        let said = quoted(String(decoding: body, as: UTF8.self), hiding: secrets)
        let isBusy = status == 429 || status >= 500
        let advice =
            switch status {
            case 300..<400: "Set \(settings.format.variable) to the address that the server redirects to."
            case 429: "The server asks for a pause."
            case 401, 403, 404, 410:
                "The address may be withdrawn. Make a new one, and set \(settings.format.variable)."
            case 500...: "The server has a problem of its own."
            default: "Check whether \(settings.format.variable) is the address of such a service."
            }
        let failure = DeliveryFailure(
            step: "POST", reason: "\(settings.address.origin) answers with status \(status): \(said).", advice: advice,
            isRefusal: !isBusy,
            retryAfter: isBusy ? Self.retryAfter(head.headers.first(name: "Retry-After"), now: .now) : nil)
        finish(context, .failure(failure))
    }

    /// The milliseconds of the header `Retry-After`, or nil if it has no number of seconds and no date.
    ///
    /// - Source: RFC 9110, section 10.2.3.
    static func retryAfter(_ header: String?, now: FeedbackTime) -> Int? {
        guard let header else { return nil }
        if let seconds = Double(header) {
            return seconds >= 0 && seconds.isFinite ? Int(min(seconds, 1e6) * 1000) : nil
        }
        guard let date = HTTPTime(header) else { return nil }
        return max(0, date.time.milliseconds - now.milliseconds)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(context, "The server has closed the connection without an answer.")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if TLSClient.isEnd(error) {
            channelInactive(context: context)
        } else if let failure = TLSClient.failure(error, host: settings.address.host) {
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
                    step: "POST", reason: "\(reason) The server is \(settings.address.origin).",
                    advice: "Check the network and the server.")))
    }

    private func finish(_ context: ChannelHandlerContext, _ outcome: Result<String?, DeliveryFailure>) {
        guard !isDone else { return }
        isDone = true
        timer?.cancel()
        result.completeWith(outcome.mapError { $0 as any Error })
        context.close(promise: nil)
    }
}
