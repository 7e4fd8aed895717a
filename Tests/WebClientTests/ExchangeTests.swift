import Fixtures
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import WebClient

/// A request and its answer, without a network.
@Suite struct ExchangeTests {
    private func address(_ text: String) throws -> WebAddress { try #require(WebAddress(text)) }

    /// Runs an exchange until its result is known.
    private func exchange(
        _ body: (EmbeddedChannel) throws -> Void, limit: Int = 10
    ) throws -> Result<WebAnswer, any Error> {
        let channel = EmbeddedChannel()
        let promise = channel.eventLoop.makePromise(of: WebAnswer.self)
        let request = WebRequest(
            try address("https://example.com/token"), headers: [("Content-Type", "text/plain")],
            body: Array("hello".utf8), timeout: .seconds(20), answerLimit: limit)
        try channel.pipeline.syncOperations.addHandler(WebExchange(request, promise))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try body(channel)
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        return Result { try promise.futureResult.wait() }
    }

    private func failure(_ body: (EmbeddedChannel) throws -> Void) throws -> DeliveryFailure {
        let result = try exchange(body)
        return try #require(#expect(throws: DeliveryFailure.self) { try result.get() })
    }

    @Test("The request has its length, and only the first bytes of the answer are kept")
    func anAnswer() throws {
        let answer = try exchange { channel in
            guard case .head(let head)? = try channel.readOutbound(as: HTTPClientRequestPart.self) else {
                Issue.record("no head")
                return
            }
            #expect(head.method == .POST && head.uri == "/token")
            #expect(head.headers["Host"] == ["example.com"] && head.headers["Content-Length"] == ["5"])
            var answer = HTTPResponseHead(version: .http1_1, status: .tooManyRequests)
            answer.headers.add(name: "Retry-After", value: "7")
            try channel.writeInbound(HTTPClientResponsePart.head(answer))
            for _ in 0..<3 { try channel.writeInbound(HTTPClientResponsePart.body(ByteBuffer(string: "1234567"))) }
            try channel.writeInbound(HTTPClientResponsePart.end(nil))
        }.get()
        #expect(answer.status == 429 && answer.retryAfter == "7" && answer.location == nil)
        #expect(String(decoding: answer.body, as: UTF8.self) == "1234567123")
    }

    @Test("A server that does not answer is left after the time of the request")
    func timeouts() throws {
        let web = try failure { $0.embeddedEventLoop.advanceTime(by: .seconds(21)) }
        #expect(web.reason == "The server has not answered in 20 s. The server is https://example.com.")
        #expect(!web.isRefusal)
    }

    @Test("A server that closes the connection has not answered")
    func closing() throws {
        let web = try failure { $0.pipeline.fireChannelInactive() }
        #expect(web.reason.contains("closed the connection without an answer"))
    }

    @Test("A path is appended where the query would begin")
    func appending() throws {
        #expect(try address("http://a:4318").appending("/v1/logs").target == "/v1/logs")
        #expect(try address("http://a:4318/b/?c=d").appending("/v1/logs").target == "/b/v1/logs")
    }

    @Test(
        "Retry-After is a number of seconds or a date",
        arguments: [
            ("120", 120_000), ("0", 0), ("Sun, 06 Nov 1994 08:49:47 GMT", 10_000), ("Sun, 06 Nov 1994 08:49:00 GMT", 0),
            ("soon", nil), ("-1", nil), ("nan", nil), ("1e300", 1_000_000_000), ("Sun, 31 Feb 1994 08:49:47 GMT", nil),
        ] as [(String, Int?)])
    func retryAfter(header: String, expected: Int?) throws {
        let now = try #require(RetryAfter.date("Sun, 06 Nov 1994 08:49:37 GMT"))
        #expect(RetryAfter.milliseconds(header, now: now) == expected)
    }
}
