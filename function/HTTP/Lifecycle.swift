import NIOConcurrencyHelpers
import NIOCore

/// The state of the process, which accepts requests until it drains.
///
/// It also knows the open connections and the number of requests that have no answer yet.
final class Lifecycle: Sendable {
    private struct State {
        var isDraining = false
        var open: [ObjectIdentifier: any Channel] = [:]
        /// The number of requests that have no answer yet.
        var inFlight = 0
        /// Succeeds when no request is in flight any more.
        var drained: EventLoopPromise<Void>?
    }

    private let state = NIOLockedValueBox(State())

    /// Whether new requests for predictions are accepted.
    var isReady: Bool { state.withLockedValue { !$0.isDraining } }

    /// A connection was opened.
    func opened(_ channel: any Channel) {
        state.withLockedValue { $0.open[ObjectIdentifier(channel)] = channel }
    }

    /// A connection was closed.
    func closed(_ channel: any Channel) {
        state.withLockedValue { $0.open[ObjectIdentifier(channel)] = nil }
    }

    /// A request has arrived.
    func began() { state.withLockedValue { $0.inFlight += 1 } }

    /// The answer to a request has been sent, or cannot be sent any more.
    func ended() {
        let drained = state.withLockedValue { state -> EventLoopPromise<Void>? in
            state.inFlight -= 1
            return state.inFlight == 0 ? state.drained : nil
        }
        drained?.succeed()
    }

    /// Stops accepting requests for predictions.
    ///
    /// - Parameter eventLoop: The event loop of the result.
    /// - Returns: A future that succeeds when every request has its answer.
    func drain(on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        let isDrained = state.withLockedValue { state in
            state.isDraining = true
            state.drained = promise
            return state.inFlight == 0
        }
        if isDrained { promise.succeed() }
        return promise.futureResult
    }

    /// Closes all connections.
    func closeAll() {
        for channel in state.withLockedValue({ Array($0.open.values) }) { channel.close(promise: nil) }
    }
}
