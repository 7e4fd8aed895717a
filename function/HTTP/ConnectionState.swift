import NIOCore
import NIOHTTP1

/// The state of one connection: a value that takes events and returns the action to perform.
///
/// It does not use a channel or a clock, so it can be tested without a network.
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
        /// Treat the request as invalid, although its head has not arrived.
        case fail(HTTPResponseStatus, String)
        /// Send what was written, but do not end the answer yet.
        ///
        /// No further request is read before the answer ends.
        case flush
        /// End the answer and send it.
        case finish
        /// Tell the client that nothing more is sent, and wait for the client to close.
        ///
        /// If the connection was closed while the client still sends, the client might lose the answer.
        case shutDown
        /// Close the connection.
        case close
    }

    private enum State: Equatable {
        case idle
        case receiving(HTTPRequestHead, ByteBuffer)
        /// The request was answered early. The rest of it is dropped.
        case discarding
        /// Nothing more is sent.
        case lingering
    }

    private let limits: ConnectionLimits
    private var state = State.idle
    /// The time at which the current state began: of the idle time, or of the last answer.
    private var since: NIODeadline
    /// The time at which the first byte of the current request has arrived.
    private var requestSince: NIODeadline?
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
    /// Whether the client sends nothing more.
    private var isInputClosed = false
    private(set) var isDraining: Bool

    init(_ limits: ConnectionLimits = ConnectionLimits(), isDraining: Bool = false, now: NIODeadline) {
        self.limits = limits
        self.isDraining = isDraining
        since = now
    }

    /// The bytes of a body that is not complete.
    var bodyBytes: Int { if case .receiving(_, let body) = state { body.readableBytes } else { 0 } }

    /// The time since when the connection waits for its client, or nil while a request is computed.
    var waitingSince: NIODeadline? { unanswered > unsent ? nil : requestSince ?? since }

    /// The time at which the connection has taken too long, or nil.
    var deadline: NIODeadline? {
        if state == .lingering { return since + limits.linger }
        if unsent > 0 { return since + limits.write }
        if unanswered > 0 { return nil }
        guard let requestSince else { return since + (isDraining ? limits.drainIdle : limits.idle) }
        return requestSince + (state == .idle ? limits.head : limits.request)
    }

    /// Bytes have arrived.
    mutating func arrived(_ now: NIODeadline) {
        if state == .idle, unanswered == 0, requestSince == nil { requestSince = now }
    }

    /// A part of a request has arrived.
    mutating func received(_ part: HTTPServerRequestPart, _ now: NIODeadline) -> Action {
        switch (part, state) {
        case (_, .lingering): return .none
        case (.head(let head), _):
            state = .receiving(head, ByteBuffer())
            requestSince = requestSince ?? now
            if let problem = head.hostProblem { return refuse(head, .badRequest, problem) }
            if head.announcedLength > Request.bodyLimit { return refuse(head, .payloadTooLarge, Request.tooLarge) }
            return head.expectsContinue ? .sendContinue(head.version) : .none
        case (.body(var part), .receiving(let head, var body)):
            state = .idle  // The buffer has one owner now, so it grows in place.
            body.writeBuffer(&part)
            state = .receiving(head, body)
            guard body.readableBytes > Request.bodyLimit else { return .none }
            return refuse(head, .payloadTooLarge, Request.tooLarge)
        case (.end, .receiving(let head, let body)):
            state = .idle
            requestSince = nil
            unanswered += 1
            return .respond(head, .complete(body))
        case (.end, _):
            state = .idle
            requestSince = nil
            return .none
        case (.body, _):
            return .none
        }
    }

    /// Something has arrived that is not a valid request.
    ///
    /// - Parameters:
    ///   - status: The status of the answer.
    ///   - detail: What is wrong, for the client.
    /// - Returns: The action to perform.
    mutating func receivedInvalid(_ status: HTTPResponseStatus, _ detail: String) -> Action {
        switch state {
        case .idle: refuse(.unknown, status, detail)
        case .receiving(let head, _): refuse(head, status, detail)
        case .discarding, .lingering: .none  // The answer that closes the connection is on its way.
        }
    }

    /// The client sends nothing more, but may still read.
    mutating func inputClosed() -> Action {
        isInputClosed = true
        switch state {
        case .idle: return unanswered == 0 ? .close : .none
        case .receiving(let head, _): return refuse(head, .badRequest, "The request ends before it is complete.")
        case .discarding: return .none
        case .lingering: return .close
        }
    }

    /// The head and the body of an answer were written.
    mutating func wrote(_ now: NIODeadline) -> Action {
        unsent += 1
        since = now
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
    /// - Parameters:
    ///   - keepsAlive: Whether another request may follow.
    ///   - now: The time.
    /// - Returns: The action to perform.
    mutating func answered(keepsAlive: Bool, _ now: NIODeadline) -> Action {
        unanswered -= 1
        unsent -= 1
        since = now
        if keepsAlive { return isInputClosed && unanswered == 0 ? .close : .none }
        if isInputClosed || state == .lingering { return .close }
        state = .lingering
        return .shutDown
    }

    /// The server tells the connection to end, now or soon.
    mutating func told(_ event: ConnectionEvent, _ now: NIODeadline) -> Action {
        if event == .draining {
            isDraining = true
            if state == .idle, unanswered == 0, requestSince == nil { since = now }
            return .none
        }
        guard unanswered == 0 else { return unsent > 0 && event != .expired ? .close : .none }
        switch (state, event) {
        case (.receiving(let head, _), .deadline):
            return refuse(head, .requestTimeout, "The request took longer than \(seconds(limits.request)) seconds.")
        case (.receiving(let head, _), _):
            return refuse(head, .serviceUnavailable, "The function has no time to wait for the rest of the request.")
        case (.idle, .deadline) where requestSince != nil:
            return .fail(.requestTimeout, "The headers took longer than \(seconds(limits.head)) seconds.")
        case (.idle, _) where isDraining && !isInputClosed:
            (state, since) = (.lingering, now)
            return .shutDown
        default: return .close
        }
    }

    private func seconds(_ time: TimeAmount) -> Double { Double(time.nanoseconds) / 1e9 }

    private mutating func refuse(_ head: HTTPRequestHead, _ status: HTTPResponseStatus, _ detail: String) -> Action {
        state = .discarding
        requestSince = nil
        unanswered += 1
        return .respond(head, .refused(status, detail))
    }

    private mutating func release() -> Action {
        defer { isHeld = false }
        return isHeld ? .finish : .none
    }
}
