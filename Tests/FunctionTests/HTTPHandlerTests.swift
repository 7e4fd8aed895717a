import NIOConcurrencyHelpers
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import function

/// One connection without a network: HTTP parts in, HTTP parts out.
@Suite struct HTTPHandlerTests {
    /// A request that has no answer yet.
    private struct Pending: Sendable {
        var request: Request
        var promise: EventLoopPromise<Response>
        var cancellation: Cancellation
    }

    /// A channel with a handler whose responder is under the control of the test.
    private final class Connection {
        let channel = EmbeddedChannel()
        let lifecycle = Lifecycle()
        private let waiting = NIOLockedValueBox<[Pending]>([])

        var pending: [Pending] { waiting.withLockedValue { $0 } }

        init() throws {
            let handler = HTTPHandler(lifecycle, writeTimeout: .seconds(9)) {
                [waiting] request, eventLoop, cancellation in
                let promise = eventLoop.makePromise(of: Response.self)
                waiting.withLockedValue {
                    $0.append(Pending(request: request, promise: promise, cancellation: cancellation))
                }
                return promise.futureResult
            }
            try channel.pipeline.syncOperations.addHandler(handler)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func send(_ method: HTTPMethod = .POST, _ headers: HTTPHeaders = [:], body: String? = nil) throws {
            var headers = headers
            headers.add(name: "Host", value: "a")
            let head = HTTPRequestHead(version: .http1_1, method: method, uri: "/predict?x=1", headers: headers)
            try channel.writeInbound(HTTPServerRequestPart.head(head))
            if let body { try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: body))) }
            try channel.writeInbound(HTTPServerRequestPart.end(nil))
        }

        func answer(_ body: String) {
            let next = waiting.withLockedValue { $0.removeFirst() }
            next.promise.succeed(Response(.ok, "text/plain", ByteBuffer(string: body)))
        }

        /// The next response: its head and body, or nil if none was written.
        func response() throws -> (head: HTTPResponseHead, body: String)? {
            guard case .head(let head)? = try channel.readOutbound(as: HTTPServerResponsePart.self) else { return nil }
            var body = ""
            while let part = try channel.readOutbound(as: HTTPServerResponsePart.self) {
                switch part {
                case .body(.byteBuffer(let bytes)): body += String(buffer: bytes)
                case .end: return (head, body)
                default: Issue.record("an unexpected part was written")
                }
            }
            return (head, body)
        }
    }

    @Test func aRequestIsPassedOnAndItsAnswerWritten() throws {
        let connection = try Connection()
        try connection.send(body: "hello")
        let request = try #require(connection.pending.first?.request)
        #expect(request.path == "/predict")
        #expect(request.body == .complete(ByteBuffer(string: "hello")))
        connection.answer("world")
        let response = try #require(try connection.response())
        #expect(response.body == "world")
        #expect(response.head.headers["Content-Length"] == ["5"])
        #expect(response.head.headers["Connection"].isEmpty)
        #expect(connection.channel.isActive)
    }

    @Test func theAnswerToHeadHasNoBody() throws {
        let connection = try Connection()
        try connection.send(.HEAD)
        connection.answer("world")
        let response = try #require(try connection.response())
        #expect(response.body.isEmpty)
        #expect(response.head.headers["Content-Length"] == ["5"])
    }

    @Test func aBodyThatIsTooLargeIsARequestLikeAnyOtherAndClosesTheConnection() throws {
        let connection = try Connection()
        try connection.send(.POST, ["Content-Length": "70000"])
        #expect(connection.pending.first?.request.body == .tooLarge)
        connection.answer("too large")
        #expect(try connection.response()?.head.headers["Connection"] == ["close"])
        #expect(!connection.channel.isActive)
    }

    @Test func whileItDrainsAConnectionIsClosedAfterItsAnswer() throws {
        let connection = try Connection()
        try connection.send()
        let drained = connection.lifecycle.drain(on: connection.channel.eventLoop)
        let isDrained = NIOLockedValueBox(false)
        drained.whenSuccess { isDrained.withLockedValue { $0 = true } }
        #expect(!isDrained.withLockedValue { $0 })
        #expect(!connection.lifecycle.isReady)
        connection.answer("last")
        #expect(try connection.response()?.head.headers["Connection"] == ["close"])
        #expect(isDrained.withLockedValue { $0 })
        #expect(!connection.channel.isActive)
    }

    @Test func aClientThatLeavesCancelsItsRequest() throws {
        let connection = try Connection()
        try connection.send()
        let cancellation = try #require(connection.pending.first).cancellation
        #expect(!cancellation.isCancelled)
        connection.channel.pipeline.fireChannelInactive()
        #expect(cancellation.isCancelled)
        connection.answer("nobody reads this")
    }

    @Test func anIdleConnectionIsClosedButNotWhileItsRequestIsComputed() throws {
        let connection = try Connection()
        try connection.send()
        connection.channel.pipeline.fireUserInboundEventTriggered(IdleStateHandler.IdleStateEvent.read)
        #expect(connection.channel.isActive)
        connection.answer("done")
        connection.channel.pipeline.fireUserInboundEventTriggered(IdleStateHandler.IdleStateEvent.read)
        #expect(!connection.channel.isActive)
    }

    @Test func whileTheClientDoesNotReadAnAnswerIsNotEnded() throws {
        let connection = try Connection()
        try connection.send()
        connection.channel.isWritable = false
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.answer("world")
        let first = try connection.channel.readOutbound(as: HTTPServerResponsePart.self)
        let second = try connection.channel.readOutbound(as: HTTPServerResponsePart.self)
        guard case .head = first, case .body = second else { Issue.record("the answer was not sent"); return }
        #expect(try connection.channel.readOutbound(as: HTTPServerResponsePart.self) == nil)
        connection.channel.isWritable = true
        connection.channel.pipeline.fireChannelWritabilityChanged()
        #expect(try connection.channel.readOutbound(as: HTTPServerResponsePart.self) == .end(nil))
        connection.channel.embeddedEventLoop.advanceTime(by: .seconds(10))
        #expect(connection.channel.isActive)
    }

    @Test func aClientThatDoesNotReadItsAnswerIsDisconnected() throws {
        let connection = try Connection()
        try connection.send()
        connection.channel.isWritable = false
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.answer("world")
        let drained = connection.lifecycle.drain(on: connection.channel.eventLoop)
        let isDrained = NIOLockedValueBox(false)
        drained.whenSuccess { isDrained.withLockedValue { $0 = true } }
        connection.channel.embeddedEventLoop.advanceTime(by: .seconds(8))
        #expect(connection.channel.isActive)
        #expect(!isDrained.withLockedValue { $0 })
        connection.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!connection.channel.isActive)
        #expect(isDrained.withLockedValue { $0 })
    }

    @Test func bytesThatAreNotHTTPAreARequestLikeAnyOtherAndCloseTheConnection() throws {
        let connection = try Connection()
        connection.channel.pipeline.fireErrorCaught(HTTPParserError.invalidMethod)
        let request = try #require(connection.pending.first?.request)
        #expect(request.path == "-")
        #expect(request.body == .malformed("The request is not valid HTTP: invalid HTTP method."))
        connection.answer("malformed")
        #expect(try connection.response()?.head.headers["Connection"] == ["close"])
        #expect(!connection.channel.isActive)
    }
}
