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

    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func bytes(_ count: Int) -> ByteBuffer { ByteBuffer(repeating: 0x61, count: count) }

    @Test func aCompleteRequestIsAnswered() {
        var state = ConnectionState(now: start)
        #expect(state.received(.head(head()), start) == .none)
        #expect(state.received(.body(ByteBuffer(string: "ab")), start) == .none)
        #expect(state.received(.body(ByteBuffer(string: "c")), start) == .none)
        #expect(state.received(.end(nil), start) == .respond(head(), .complete(ByteBuffer(string: "abc"))))
        #expect(state.wrote(start) == .finish)
        #expect(state.answered(keepsAlive: true, start) == .none)
    }

    @Test func aConnectionThatIsNotKeptAliveIsClosedAfterTheAnswer() {
        var state = ConnectionState(now: start)
        _ = state.received(.head(head()), start)
        _ = state.received(.end(nil), start)
        #expect(state.wrote(start) == .finish)
        #expect(state.answered(keepsAlive: false, start) == .shutDown)
    }

    @Test func aBodyThatIsAnnouncedTooLargeIsRefusedBeforeItArrives() {
        var state = ConnectionState(now: start)
        let head = head(["Content-Length": "\(Request.bodyLimit + 1)"])
        #expect(state.received(.head(head), start) == .respond(head, .refused(.payloadTooLarge, Request.tooLarge)))
        #expect(state.received(.body(bytes(10)), start) == .none)
        #expect(state.received(.end(nil), start) == .none)
        #expect(state.wrote(start) == .finish)
        #expect(state.answered(keepsAlive: false, start) == .shutDown)
    }

    @Test func aBodyThatGrowsTooLargeIsRefusedOnce() {
        var state = ConnectionState(now: start)
        _ = state.received(.head(head()), start)
        #expect(state.received(.body(bytes(Request.bodyLimit)), start) == .none)
        #expect(
            state.received(.body(bytes(1)), start) == .respond(head(), .refused(.payloadTooLarge, Request.tooLarge)))
        #expect(state.received(.body(bytes(1)), start) == .none)
        #expect(state.received(.end(nil), start) == .none)
    }

    @Test func aBodyOfExactlyTheLimitIsAccepted() {
        var state = ConnectionState(now: start)
        _ = state.received(.head(head(["Content-Length": "\(Request.bodyLimit)"])), start)
        _ = state.received(.body(bytes(Request.bodyLimit)), start)
        #expect(
            state.received(.end(nil), start) == .respond(head(["Content-Length": "65536"]), .complete(bytes(65536))))
    }

    @Test func anExpectedBodyIsAskedFor() {
        var state = ConnectionState(now: start)
        #expect(state.received(.head(head(["Expect": "100-Continue"])), start) == .sendContinue(.http1_1))
    }

    @Test func eachPhaseHasItsDeadline() {
        var state = ConnectionState(now: start)
        #expect(state.deadline == start + .seconds(120))
        state.arrived(start + .seconds(5))
        #expect(state.deadline == start + .seconds(15), "the headers")
        state.arrived(start + .seconds(9))
        #expect(state.deadline == start + .seconds(15), "more bytes do not extend the time")
        _ = state.received(.head(head()), start + .seconds(10))
        #expect(state.deadline == start + .seconds(35), "the whole request")
        _ = state.received(.end(nil), start + .seconds(20))
        #expect(state.deadline == nil, "the answer is computed")
        #expect(state.wrote(start + .seconds(21)) == .finish)
        #expect(state.deadline == start + .seconds(81), "the client reads")
        _ = state.answered(keepsAlive: true, start + .seconds(22))
        #expect(state.deadline == start + .seconds(142), "the connection is idle")
    }

    @Test func whatTakesTooLongIsRefusedOrClosed() {
        var state = ConnectionState(now: start)
        #expect(state.told(.deadline, start) == .close)
        state.arrived(start)
        let slowHead = "The headers took longer than 10.0 seconds."
        #expect(state.told(.deadline, start) == .fail(.requestTimeout, slowHead))
        state = ConnectionState(now: start)
        _ = state.received(.head(head()), start)
        let slowBody = "The request took longer than 30.0 seconds."
        #expect(state.told(.deadline, start) == .respond(head(), .refused(.requestTimeout, slowBody)))
        #expect(state.told(.deadline, start) == .none)
        state = ConnectionState(now: start)
        _ = state.received(.head(head()), start)
        _ = state.received(.end(nil), start)
        #expect(state.told(.evicted, start) == .none)
        _ = state.wrote(start)
        #expect(state.told(.deadline, start) == .close, "the client does not read")
    }

    @Test func theClientMayCloseAfterTheLastAnswerBeforeTheServerDoes() {
        var state = ConnectionState(now: start)
        _ = state.received(.head(head()), start)
        _ = state.received(.end(nil), start)
        _ = state.wrote(start)
        #expect(state.answered(keepsAlive: false, start) == .shutDown)
        #expect(state.received(.head(head()), start) == .none)
        #expect(state.deadline == start + .seconds(1))
        #expect(state.inputClosed() == .close)
    }

    @Test func aClientThatSendsNothingMoreGetsItsAnswer() {
        var state = ConnectionState(now: start)
        _ = state.received(.head(head()), start)
        _ = state.received(.end(nil), start)
        #expect(state.inputClosed() == .none)
        _ = state.wrote(start)
        #expect(state.answered(keepsAlive: true, start) == .close)
        state = ConnectionState(now: start)
        #expect(state.inputClosed() == .close)
    }

    @Test func whileItDrainsAnIdleConnectionHasLittleTime() {
        var state = ConnectionState(now: start)
        #expect(state.told(.draining, start + .seconds(60)) == .none)
        #expect(state.deadline == start + .seconds(60) + .milliseconds(500))
        #expect(state.told(.deadline, start + .seconds(61)) == .shutDown)
        #expect(state.told(.deadline, start + .seconds(62)) == .close)
        state = ConnectionState(now: start)
        _ = state.received(.head(head()), start)
        #expect(state.told(.draining, start) == .none)
        let detail = "The function has no time to wait for the rest of the request."
        #expect(state.told(.expired, start) == .respond(head(), .refused(.serviceUnavailable, detail)))
    }

    @Test func aPipelinedRequestThatOverlapsTheAnswerBeforeKeepsTheConnectionOpen() {
        var state = ConnectionState(now: start)
        for _ in 0..<2 {
            _ = state.received(.head(head()), start)
            _ = state.received(.end(nil), start)
        }
        #expect(state.wrote(start) == .finish)
        _ = state.answered(keepsAlive: true, start)
        #expect(state.told(.deadline, start) == .none)
        #expect(state.wrote(start) == .finish)
        _ = state.answered(keepsAlive: true, start)
        #expect(state.told(.deadline, start) == .close)
    }

    @Test func bytesThatAreNotHTTPAreAnsweredOnce() {
        var state = ConnectionState(now: start)
        #expect(state.receivedInvalid(.badRequest, "why") == .respond(.unknown, .refused(.badRequest, "why")))
        #expect(state.receivedInvalid(.badRequest, "why") == .none)
        state = ConnectionState(now: start)
        _ = state.received(.head(head()), start)
        #expect(state.receivedInvalid(.badRequest, "why") == .respond(head(), .refused(.badRequest, "why")))
        #expect(state.received(.body(bytes(1)), start) == .none)
        #expect(state.received(.end(nil), start) == .none)
    }

    @Test func anAnswerIsHeldWhileTheClientDoesNotRead() {
        var state = ConnectionState(now: start)
        _ = state.received(.head(head()), start)
        _ = state.received(.end(nil), start)
        #expect(state.writabilityChanged(to: false) == .none)
        #expect(state.deadline == nil)
        #expect(state.wrote(start) == .flush)
        #expect(state.deadline == start + .seconds(60))
        #expect(state.writabilityChanged(to: true) == .finish)
        #expect(state.writabilityChanged(to: true) == .none)
        #expect(state.deadline == start + .seconds(60))
        #expect(state.answered(keepsAlive: true, start) == .none)
        #expect(state.deadline == start + .seconds(120))
    }

    @Test func anAnswerThatIsHeldEndsWithTheConnection() {
        var state = ConnectionState(now: start)
        _ = state.received(.head(head()), start)
        _ = state.received(.end(nil), start)
        _ = state.writabilityChanged(to: false)
        _ = state.wrote(start)
        #expect(state.closed() == .finish)
        #expect(state.closed() == .none)
    }

    @Test func anAnswerThatIsReadyAfterTheConnectionWasClosedIsEndedAtOnce() {
        var state = ConnectionState(now: start)
        _ = state.received(.head(head()), start)
        _ = state.received(.end(nil), start)
        #expect(state.writabilityChanged(to: false) == .none)
        #expect(state.closed() == .none)
        #expect(state.wrote(start) == .finish)
    }
}
