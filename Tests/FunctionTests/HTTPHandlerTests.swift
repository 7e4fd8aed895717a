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
    private final class Peer {
        let channel = EmbeddedChannel()
        let connections: Connections
        private let waiting = NIOLockedValueBox<[Pending]>([])

        var pending: [Pending] { waiting.withLockedValue { $0 } }

        init(_ limits: ConnectionLimits = ConnectionLimits()) throws {
            connections = Connections(limits)
            let handler = HTTPHandler(connections, HTTPDate(), now: channel.embeddedEventLoop.now) {
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

        /// Lets time pass.
        func wait(_ time: TimeAmount) {
            channel.embeddedEventLoop.advanceTime(by: time)
            connections.sweep(now: channel.embeddedEventLoop.now)
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
        let connection = try Peer()
        try connection.send(body: "hello")
        let request = try #require(connection.pending.first?.request)
        #expect(request.path == "/predict")
        #expect(request.body == .complete(ByteBuffer(string: "hello")))
        connection.answer("world")
        let response = try #require(try connection.response())
        #expect(response.body == "world")
        #expect(response.head.headers["Content-Length"] == ["5"])
        #expect(response.head.headers["Connection"].isEmpty)
        #expect(response.head.headers["Date"].first?.hasSuffix(" GMT") == true)
        #expect(connection.channel.isActive)
    }

    @Test func theAnswerToHeadHasNoBody() throws {
        let connection = try Peer()
        try connection.send(.HEAD)
        connection.answer("world")
        let response = try #require(try connection.response())
        #expect(response.body.isEmpty)
        #expect(response.head.headers["Content-Length"] == ["5"])
    }

    @Test func aBodyThatIsTooLargeIsARequestLikeAnyOtherAndClosesTheConnection() throws {
        let connection = try Peer()
        try connection.send(.POST, ["Content-Length": "70000"])
        #expect(connection.pending.first?.request.body == .refused(.payloadTooLarge, Request.tooLarge))
        connection.answer("too large")
        #expect(try connection.response()?.head.headers["Connection"] == ["close"])
        #expect(!connection.channel.isActive)
    }

    @Test func whileItDrainsAConnectionIsClosedAfterItsAnswer() throws {
        let connection = try Peer()
        try connection.send()
        connection.connections.drain()
        let drained = connection.connections.ended(on: connection.channel.eventLoop)
        let isDrained = NIOLockedValueBox(false)
        drained.whenSuccess { isDrained.withLockedValue { $0 = true } }
        #expect(!isDrained.withLockedValue { $0 })
        connection.answer("last")
        #expect(try connection.response()?.head.headers["Connection"] == ["close"])
        #expect(isDrained.withLockedValue { $0 })
        #expect(!connection.channel.isActive)
    }

    @Test func whileItDrainsARequestThatIsOnItsWayIsAnswered() throws {
        let connection = try Peer()
        connection.connections.drain()
        connection.wait(.milliseconds(400))
        #expect(connection.channel.isActive)
        try connection.send(body: "late")
        connection.wait(.seconds(2))
        connection.answer("last")
        #expect(try connection.response()?.body == "last")
    }

    @Test func whileItDrainsAnIdleConnectionIsClosedSoon() throws {
        let connection = try Peer()
        connection.connections.drain()
        connection.wait(.milliseconds(501))
        #expect(!connection.channel.isActive)
    }

    @Test func aClientThatLeavesCancelsItsRequest() throws {
        let connection = try Peer()
        try connection.send()
        let cancellation = try #require(connection.pending.first).cancellation
        #expect(!cancellation.isCancelled)
        connection.channel.pipeline.fireChannelInactive()
        #expect(cancellation.isCancelled)
        connection.answer("nobody reads this")
    }

    @Test func anIdleConnectionIsClosedButNotWhileItsRequestIsComputed() throws {
        let connection = try Peer()
        try connection.send()
        connection.wait(.seconds(121))
        #expect(connection.channel.isActive)
        connection.answer("done")
        connection.wait(.seconds(119))
        #expect(connection.channel.isActive)
        connection.wait(.seconds(2))
        #expect(!connection.channel.isActive)
    }

    @Test func aRequestThatTakesTooLongIsRefused() throws {
        let connection = try Peer()
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/predict", headers: ["Host": "a"])
        try connection.channel.writeInbound(HTTPServerRequestPart.head(head))
        for _ in 0..<29 {
            connection.wait(.seconds(1))
            try connection.channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: "a")))
        }
        #expect(connection.pending.isEmpty)
        connection.wait(.seconds(2))
        let reason = "The request took longer than 30.0 seconds."
        #expect(connection.pending.first?.request.body == .refused(.requestTimeout, reason))
        connection.answer("too late")
        #expect(try connection.response()?.head.headers["Connection"] == ["close"])
    }

    @Test func whileTheClientDoesNotReadAnAnswerIsNotEnded() throws {
        let connection = try Peer()
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
        connection.wait(.seconds(61))
        #expect(connection.channel.isActive)
    }

    @Test func aClientThatDoesNotReadItsAnswerIsDisconnected() throws {
        let connection = try Peer()
        try connection.send()
        connection.channel.isWritable = false
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.answer("world")
        connection.wait(.seconds(59))
        #expect(connection.channel.isActive)
        connection.wait(.seconds(2))
        #expect(!connection.channel.isActive)
        #expect(connection.connections.counts.open == 0)
    }

    @Test func bytesThatAreNotHTTPAreARequestLikeAnyOtherAndCloseTheConnection() throws {
        let connection = try Peer()
        connection.channel.pipeline.fireErrorCaught(HTTPParserError.invalidMethod)
        let request = try #require(connection.pending.first?.request)
        #expect(request.path == "-")
        #expect(request.body == .refused(.badRequest, "The request is not valid HTTP: invalid HTTP method."))
        connection.answer("malformed")
        #expect(try connection.response()?.head.headers["Connection"] == ["close"])
        #expect(!connection.channel.isActive)
    }
}
