import NIOCore
import NIOHTTP1
import Testing

@testable import function

/// The state of a connection: events in, actions out, without a network.
@Suite struct ConnectionStateTests {
    private func head(_ headers: HTTPHeaders = [:]) -> HTTPRequestHead {
        HTTPRequestHead(version: .http1_1, method: .POST, uri: "/predict", headers: headers)
    }

    private func bytes(_ count: Int) -> ByteBuffer { ByteBuffer(repeating: 0x61, count: count) }

    @Test func aCompleteRequestIsAnswered() {
        var state = ConnectionState()
        #expect(state.received(.head(head())) == .none)
        #expect(state.received(.body(ByteBuffer(string: "ab"))) == .none)
        #expect(state.received(.body(ByteBuffer(string: "c"))) == .none)
        #expect(!state.isAnswering)
        #expect(state.received(.end(nil)) == .respond(head(), .complete(ByteBuffer(string: "abc"))))
        #expect(state.isAnswering)
        #expect(state.answered(keepsAlive: true) == .none)
        #expect(!state.isAnswering)
    }

    @Test func aConnectionThatIsNotKeptAliveIsClosedAfterTheAnswer() {
        var state = ConnectionState()
        _ = state.received(.head(head()))
        _ = state.received(.end(nil))
        #expect(state.answered(keepsAlive: false) == .close)
    }

    @Test func aBodyThatIsAnnouncedTooLargeIsRefusedBeforeItArrives() {
        var state = ConnectionState()
        let head = head(["Content-Length": "\(Request.bodyLimit + 1)"])
        #expect(state.received(.head(head)) == .respond(head, .tooLarge))
        #expect(state.received(.body(bytes(10))) == .none)
        #expect(state.received(.end(nil)) == .none)
        #expect(state.answered(keepsAlive: false) == .close)
    }

    @Test func aBodyThatGrowsTooLargeIsRefusedOnce() {
        var state = ConnectionState()
        _ = state.received(.head(head()))
        #expect(state.received(.body(bytes(Request.bodyLimit))) == .none)
        #expect(state.received(.body(bytes(1))) == .respond(head(), .tooLarge))
        #expect(state.received(.body(bytes(1))) == .none)
        #expect(state.received(.end(nil)) == .none)
    }

    @Test func aBodyOfExactlyTheLimitIsAccepted() {
        var state = ConnectionState()
        _ = state.received(.head(head(["Content-Length": "\(Request.bodyLimit)"])))
        _ = state.received(.body(bytes(Request.bodyLimit)))
        #expect(state.received(.end(nil)) == .respond(head(["Content-Length": "65536"]), .complete(bytes(65536))))
    }

    @Test func anExpectedBodyIsAskedFor() {
        var state = ConnectionState()
        #expect(state.received(.head(head(["Expect": "100-Continue"]))) == .sendContinue(.http1_1))
    }

    @Test func anIdleConnectionIsClosedUnlessARequestIsBeingAnswered() {
        var state = ConnectionState()
        #expect(state.timedOut() == .close)
        _ = state.received(.head(head()))
        #expect(state.timedOut() == .close)
        _ = state.received(.end(nil))
        #expect(state.timedOut() == .none)
        _ = state.answered(keepsAlive: true)
        #expect(state.timedOut() == .close)
    }
}
