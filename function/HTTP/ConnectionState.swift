import NIOCore
import NIOHTTP1

/// The state of one connection: a value that takes events and returns the action to perform.
///
/// It knows nothing of channels, so it can be tested without a network.
struct ConnectionState {
    /// The reaction to an event.
    enum Action: Equatable {
        case none
        /// Ask the client to send the body.
        case sendContinue(HTTPVersion)
        /// Answer a request. A request whose body is too large is answered before all of it has arrived.
        case respond(HTTPRequestHead, Request.Body)
        /// Close the connection.
        case close
    }

    private enum State {
        case idle
        case receiving(HTTPRequestHead, ByteBuffer)
        /// The request was answered early. The rest of it is dropped.
        case discarding
    }

    private var state = State.idle
    /// Whether a request has no answer yet.
    private(set) var isAnswering = false

    /// A part of a request has arrived.
    mutating func received(_ part: HTTPServerRequestPart) -> Action {
        switch (part, state) {
        case (.head(let head), _):
            state = .receiving(head, ByteBuffer())
            let announced = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
            if announced > Request.bodyLimit { return refuse(head) }
            let expectsContinue = head.headers.first(name: "expect")?.lowercased() == "100-continue"
            return expectsContinue ? .sendContinue(head.version) : .none
        case (.body(var part), .receiving(let head, var body)):
            state = .idle  // The buffer has one owner now, so it grows in place.
            body.writeBuffer(&part)
            state = .receiving(head, body)
            return body.readableBytes > Request.bodyLimit ? refuse(head) : .none
        case (.end, .receiving(let head, let body)):
            state = .idle
            isAnswering = true
            return .respond(head, .complete(body))
        case (.end, _):
            state = .idle
            return .none
        case (.body, _):
            return .none
        }
    }

    /// The answer to a request was written.
    ///
    /// - Parameter keepsAlive: Whether another request may follow.
    /// - Returns: The action to perform.
    mutating func answered(keepsAlive: Bool) -> Action {
        isAnswering = false
        return keepsAlive ? .none : .close
    }

    /// Nothing has arrived for a long time.
    ///
    /// The client has sent half a request, or does not use the connection.
    func timedOut() -> Action { isAnswering ? .none : .close }

    private mutating func refuse(_ head: HTTPRequestHead) -> Action {
        state = .discarding
        isAnswering = true
        return .respond(head, .tooLarge)
    }
}
