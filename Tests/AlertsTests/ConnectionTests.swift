import Feedback
import NIOCore
import NIOEmbedded
import Testing

@testable import Alerts
@testable import WebClient

/// What the clients do with bytes and with time, without a network.
@Suite struct ConnectionTests {
    private func email() throws -> EmailSettings {
        let variables = [
            "SMTP_SERVER": "localhost", "ADMIN_EMAIL": "a@example.com", "SMTP_EMAIL": "p@example.com",
            "SMTP_PASSWORD": "secret",
        ]
        return try #require(try EmailSettings { variables[$0] })
    }

    /// Runs a handler until its result is known.
    private func failure(
        _ makeHandler: (EventLoopPromise<String?>) throws -> any ChannelHandler,
        _ body: (EmbeddedChannel) throws -> Void
    ) throws -> DeliveryFailure {
        let channel = EmbeddedChannel()
        let promise = channel.eventLoop.makePromise(of: String?.self)
        try channel.pipeline.syncOperations.addHandler(try makeHandler(promise))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try body(channel)
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        return try #require(#expect(throws: DeliveryFailure.self) { try promise.futureResult.wait() })
    }

    private func sent(_ channel: EmbeddedChannel) throws -> String {
        var text = ""
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }

    @Test("Bytes that come with the answer to STARTTLS, before TLS began, end the conversation")
    func startTLSInjection() throws {
        let failure = try failure({ SMTPHandler(try email(), "text", $0) }) { channel in
            try channel.writeInbound(ByteBuffer(string: "220 hello\r\n"))
            try channel.writeInbound(ByteBuffer(string: "250-hello\r\n250 STARTTLS\r\n"))
            #expect(try sent(channel) == "EHLO [127.0.0.1]\r\nSTARTTLS\r\n")
            try channel.writeInbound(ByteBuffer(string: "220 go\r\n250-hello\r\n250 AUTH PLAIN\r\n"))
            #expect(try sent(channel) == "", "nothing may be sent without TLS")
        }
        #expect(failure.step == "STARTTLS" && failure.reason.contains("before TLS began"))
    }

    @Test("A server that does not answer is left after 20 seconds, and the step is named")
    func timeouts() throws {
        let mail = try failure({ SMTPHandler(try email(), "text", $0) }) { channel in
            try channel.writeInbound(ByteBuffer(string: "220 hello\r\n"))
            channel.embeddedEventLoop.advanceTime(by: .seconds(21))
        }
        #expect(mail.step == "EHLO" && mail.reason == "The server has not answered in 20 s." && !mail.isRefusal)
    }

    @Test(
        "An answer that is an error is quoted in part, and says what to do",
        arguments: [
            (301, true, "redirects to"), (404, true, "may be withdrawn"), (429, false, "asks for a pause"),
            (503, false, "a problem of its own"), (418, true, "the address of such a service"),
        ])
    func statuses(status: Int, isRefusal: Bool, advice: String) throws {
        let settings = try #require(
            try WebhookSettings(.slack) { $0 == "ALERT_SLACK_URL" ? "https://example.com/token" : nil })
        let body = "/token\u{1B}[31m " + String(repeating: "x", count: 10_000)
        let answer = WebAnswer(status: status, retryAfter: "7", location: nil, body: Array(body.utf8))
        let failure = try #require(WebhookClient(settings).failure(answer))
        #expect(failure.isRefusal == isRefusal && failure.advice.contains(advice))
        #expect(failure.retryAfter == (isRefusal ? nil : 7000))
        #expect(failure.reason.contains("status \(status): \"(hidden) [31m xxx") && failure.reason.utf8.count < 600)
    }

    @Test("A server that closes the connection has not accepted the alert")
    func closing() throws {
        let mail = try failure({ SMTPHandler(try email(), "text", $0) }) { $0.pipeline.fireChannelInactive() }
        #expect(mail.step == "Greeting")
    }
}
