import NIOCore
import NIOHTTP1
import Testing

@testable import function

/// The state of a connection: events in, actions out, without a network.
@Suite struct ConnectionStateTests {
    private func head(_ headers: HTTPHeaders = [:]) -> HTTPRequestHead {
        var headers = headers
        headers.add(name: "Host", value: "a")
        return HTTPRequestHead(version: .http1_1, method: .POST, uri: "/predict", headers: headers)
    }

    private func bytes(_ count: Int) -> ByteBuffer { ByteBuffer(repeating: 0x61, count: count) }

    @Test func aCompleteRequestIsAnswered() {
        var state = ConnectionState()
        #expect(state.received(.head(head())) == .none)
        #expect(state.received(.body(ByteBuffer(string: "ab"))) == .none)
        #expect(state.received(.body(ByteBuffer(string: "c"))) == .none)
        #expect(state.received(.end(nil)) == .respond(head(), .complete(ByteBuffer(string: "abc"))))
        #expect(state.wrote() == .finish)
        #expect(state.answered(keepsAlive: true) == .none)
    }

    @Test func aConnectionThatIsNotKeptAliveIsClosedAfterTheAnswer() {
        var state = ConnectionState()
        _ = state.received(.head(head()))
        _ = state.received(.end(nil))
        #expect(state.wrote() == .finish)
        #expect(state.answered(keepsAlive: false) == .close)
    }

    @Test func aBodyThatIsAnnouncedTooLargeIsRefusedBeforeItArrives() {
        var state = ConnectionState()
        let head = head(["Content-Length": "\(Request.bodyLimit + 1)"])
        #expect(state.received(.head(head)) == .respond(head, .tooLarge))
        #expect(state.received(.body(bytes(10))) == .none)
        #expect(state.received(.end(nil)) == .none)
        #expect(state.wrote() == .finish)
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
        #expect(state.wrote() == .finish)
        _ = state.answered(keepsAlive: true)
        #expect(state.timedOut() == .close)
    }

    @Test func aPipelinedRequestThatOverlapsTheAnswerBeforeKeepsTheConnectionOpen() {
        var state = ConnectionState()
        for _ in 0..<2 {
            _ = state.received(.head(head()))
            _ = state.received(.end(nil))
        }
        #expect(state.wrote() == .finish)
        _ = state.answered(keepsAlive: true)
        #expect(state.timedOut() == .none)
        #expect(state.wrote() == .finish)
        _ = state.answered(keepsAlive: true)
        #expect(state.timedOut() == .close)
    }

    @Test(arguments: [
        ("65536", 65536), ("65536 ", 65536), ("9223372036854775807", Int.max), ("9223372036854775808", Int.max),
        ("99999999999999999999999", Int.max), ("", 0),
    ])
    func theAnnouncedLengthOfAnyNumberIsKnown(value: String, length: Int) {
        #expect(head(["Content-Length": value]).announcedLength == length)
    }

    @Test func aRequestWithoutOneHostIsRefused() {
        for (headers, count) in [([:], 0), (["Host": "a", "HOST": "b"], 2)] as [(HTTPHeaders, Int)] {
            var state = ConnectionState()
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: headers)
            let detail = "The request has \(count) Host headers, expected 1."
            #expect(state.received(.head(head)) == .respond(head, .malformed(detail)))
            #expect(state.received(.end(nil)) == .none)
        }
        var state = ConnectionState()
        let old = HTTPRequestHead(version: .http1_0, method: .GET, uri: "/")
        #expect(state.received(.head(old)) == .none)
    }

    @Test func bytesThatAreNotHTTPAreAnsweredOnce() {
        var state = ConnectionState()
        #expect(state.receivedInvalid("why") == .respond(.unknown, .malformed("why")))
        #expect(state.receivedInvalid("why") == .none)
        state = ConnectionState()
        _ = state.received(.head(head()))
        #expect(state.receivedInvalid("why") == .respond(head(), .malformed("why")))
        #expect(state.received(.body(bytes(1))) == .none)
        #expect(state.received(.end(nil)) == .none)
    }

    @Test func anAnswerIsHeldWhileTheClientDoesNotRead() {
        var state = ConnectionState()
        _ = state.received(.head(head()))
        _ = state.received(.end(nil))
        #expect(state.writabilityChanged(to: false) == .none)
        #expect(!state.waitsForClient)
        #expect(state.wrote() == .flush)
        #expect(state.waitsForClient)
        #expect(state.writabilityChanged(to: true) == .finish)
        #expect(state.writabilityChanged(to: true) == .none)
        #expect(state.waitsForClient)
        #expect(state.answered(keepsAlive: true) == .none)
        #expect(!state.waitsForClient)
    }

    @Test func anAnswerThatIsHeldEndsWithTheConnection() {
        var state = ConnectionState()
        _ = state.received(.head(head()))
        _ = state.received(.end(nil))
        _ = state.writabilityChanged(to: false)
        _ = state.wrote()
        #expect(state.closed() == .finish)
        #expect(state.closed() == .none)
    }

    @Test func anAnswerThatIsReadyAfterTheConnectionWasClosedIsEndedAtOnce() {
        var state = ConnectionState()
        _ = state.received(.head(head()))
        _ = state.received(.end(nil))
        #expect(state.writabilityChanged(to: false) == .none)
        #expect(state.closed() == .none)
        #expect(state.wrote() == .finish)
    }
}
