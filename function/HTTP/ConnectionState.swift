import NIOCore
import NIOHTTP1

/// The state of one connection: a value that takes events and returns the action to perform.
///
/// It does not use a channel, so it can be tested without a network.
struct ConnectionState {
    /// The reaction to an event.
    enum Action: Equatable {
        case none
        /// Ask the client to send the body.
        case sendContinue(HTTPVersion)
        /// Answer a request.
        ///
        /// A request that is refused is answered before all of it has arrived.
        case respond(HTTPRequestHead, Request.Body)
        /// Send what was written, but do not end the answer yet.
        ///
        /// No further request is read before the answer ends.
        case flush
        /// End the answer and send it.
        case finish
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
    /// The number of requests that have no answer yet.
    ///
    /// With pipelining there may be several for a moment.
    private var unanswered = 0
    /// The number of answers that were written and that the system has not taken yet, because the client does not read.
    private var unsent = 0
    /// Whether few enough bytes wait to be sent.
    private var isWritable = true
    /// Whether an answer was written and not ended.
    private var isHeld = false

    /// A part of a request has arrived.
    mutating func received(_ part: HTTPServerRequestPart) -> Action {
        switch (part, state) {
        case (.head(let head), _):
            state = .receiving(head, ByteBuffer())
            if let problem = head.hostProblem { return refuse(head, .malformed(problem)) }
            if head.announcedLength > Request.bodyLimit { return refuse(head, .tooLarge) }
            let expectsContinue = head.headers.first(name: "expect")?.lowercased() == "100-continue"
            return expectsContinue ? .sendContinue(head.version) : .none
        case (.body(var part), .receiving(let head, var body)):
            state = .idle  // The buffer has one owner now, so it grows in place.
            body.writeBuffer(&part)
            state = .receiving(head, body)
            return body.readableBytes > Request.bodyLimit ? refuse(head, .tooLarge) : .none
        case (.end, .receiving(let head, let body)):
            state = .idle
            unanswered += 1
            return .respond(head, .complete(body))
        case (.end, _):
            state = .idle
            return .none
        case (.body, _):
            return .none
        }
    }

    /// Something has arrived that is not HTTP.
    ///
    /// - Parameter detail: What is wrong, for the client.
    /// - Returns: The action to perform.
    mutating func receivedInvalid(_ detail: String) -> Action {
        switch state {
        case .idle: refuse(.unknown, .malformed(detail))
        case .receiving(let head, _): refuse(head, .malformed(detail))
        case .discarding: .none  // The answer that closes the connection is on its way.
        }
    }

    /// The head and the body of an answer were written.
    mutating func wrote() -> Action {
        unsent += 1
        isHeld = !isWritable
        return isHeld ? .flush : .finish
    }

    /// The number of bytes that wait to be sent has crossed the limit.
    mutating func writabilityChanged(to isWritable: Bool) -> Action {
        self.isWritable = isWritable
        return isWritable ? release() : .none
    }

    /// The connection was closed.
    ///
    /// An answer that is held, and any later one, is ended at once, because it cannot be sent.
    mutating func closed() -> Action {
        isWritable = true
        return release()
    }

    /// The system has taken all of an answer, or it cannot be sent.
    ///
    /// - Parameter keepsAlive: Whether another request may follow.
    /// - Returns: The action to perform.
    mutating func answered(keepsAlive: Bool) -> Action {
        unanswered -= 1
        unsent -= 1
        return keepsAlive ? .none : .close
    }

    /// Nothing has arrived for a long time.
    ///
    /// The client has sent half a request, or does not use the connection.
    func timedOut() -> Action { unanswered > 0 ? .none : .close }

    /// Whether an answer waits until the client reads.
    var waitsForClient: Bool { unsent > 0 }

    private mutating func refuse(_ head: HTTPRequestHead, _ reason: Request.Body) -> Action {
        state = .discarding
        unanswered += 1
        return .respond(head, reason)
    }

    private mutating func release() -> Action {
        defer { isHeld = false }
        return isHeld ? .finish : .none
    }
}
