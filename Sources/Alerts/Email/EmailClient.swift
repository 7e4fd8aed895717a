import NIOCore
import WebClient

/// Sends e-mails.
struct EmailClient {
    private let settings: EmailSettings

    init(_ settings: EmailSettings) { self.settings = settings }

    /// Sends a message on a connection of its own.
    func send(_ message: AlertMessage, on eventLoop: any EventLoop) -> EventLoopFuture<String?> {
        let result = eventLoop.makePromise(of: String?.self)
        let text = EmailMessage(message, settings).text
        let connection = ClientConnection.open(
            host: settings.host, port: settings.port, usesTLS: settings.security == .implicit, on: eventLoop
        ) { [settings] pipeline in try pipeline.addHandler(SMTPHandler(settings, text, result)) }
        connection.cascadeFailure(to: result)
        return result.futureResult
    }
}

/// Speaks with a mail server on one connection.
final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let settings: EmailSettings
    private let message: String
    private let result: EventLoopPromise<String?>
    private var session: SMTPSession?
    private var parser = SMTPReply.Parser()
    private var timer: Scheduled<Void>?
    private var isDone = false
    private var isInHandshake = false

    init(_ settings: EmailSettings, _ message: String, _ result: EventLoopPromise<String?>) {
        (self.settings, self.message, self.result) = (settings, message, result)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: AlertChannel.timeout) {
            let (handler, context) = loopBound.value
            handler.fail(
                context, "The server has not answered in \(AlertChannel.timeout.nanoseconds / 1_000_000_000) s.",
                "Check SMTP_PORT and SMTP_SECURITY.")
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        let literal = context.localAddress.flatMap(\.ipAddress).map {
            $0.utf8.contains(UInt8(ascii: ":")) ? "[IPv6:\($0)]" : "[\($0)]"
        }
        session = SMTPSession(settings, client: literal ?? "[127.0.0.1]")
        isInHandshake = settings.security == .implicit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        do throws(DeliveryFailure) {
            while !isDone, let reply = try parser.next(&buffer) {
                isInHandshake = false
                guard let action = session?.receive(reply) else { return }
                // Bytes after the answer to STARTTLS have not come through TLS, so they may be of somebody else.
                if case .startTLS = action, buffer.readableBytes > 0 || parser.isInAnswer {
                    throw DeliveryFailure(
                        step: "STARTTLS", reason: "The server has sent more than its answer before TLS began.",
                        advice: "Somebody may have changed the connection. Check the network and the server.")
                }
                perform(action, context)
            }
        } catch { finish(context, .failure(error)) }
    }

    private func perform(_ action: SMTPSession.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .send(let line): send(line + "\r\n", context)
        case .startTLS(let line):
            do {
                let tls = try TLSClient.handler(settings.host)
                try context.pipeline.syncOperations.addHandler(tls, position: .first)
                isInHandshake = true
                send(line + "\r\n", context)
            } catch { errorCaught(context: context, error: error) }
        case .sendMessage: send(Self.stuffed(message) + ".\r\n", context)
        case .delivered(let line, let remark):
            send(line + "\r\n", context)
            finish(context, .success(remark))
        case .fail(let failure):
            send("QUIT\r\n", context)
            finish(context, .failure(failure))
        }
    }

    /// The message with a second dot before each line that begins with one, so that none of them ends it.
    ///
    /// - Source: RFC 5321, section 4.5.2.
    static func stuffed(_ message: String) -> String {
        var output: [UInt8] = []
        var isStart = true
        for byte in message.utf8 {
            if isStart, byte == UInt8(ascii: ".") { output.append(byte) }
            output.append(byte)
            isStart = byte == UInt8(ascii: "\n")
        }
        return String(decoding: output, as: UTF8.self) + "\r\n"
    }

    private func send(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: text)), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(context, "The server has closed the connection.", "The server may be busy, or refuse this client.")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if TLSClient.isEnd(error) {
            channelInactive(context: context)
        } else if let failure = TLSClient.failure(error, host: settings.host) {
            finish(context, .failure(failure))
        } else {
            fail(context, "The connection has failed: \(quoted("\(error)")).", "Check the network.")
        }
    }

    private func fail(_ context: ChannelHandlerContext, _ reason: String, _ advice: String) {
        let step = isInHandshake ? "TLS" : session?.step.rawValue ?? "Connect"
        finish(context, .failure(DeliveryFailure(step: step, reason: reason, advice: advice)))
    }

    private func finish(_ context: ChannelHandlerContext, _ outcome: Result<String?, DeliveryFailure>) {
        guard !isDone else { return }
        isDone = true
        timer?.cancel()
        result.completeWith(outcome.mapError { $0 as any Error })
        context.close(promise: nil)
    }
}
