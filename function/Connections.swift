import NIOConcurrencyHelpers
import NIOCore

/// Which connections are open, and which of them have a request that is not answered yet.
final class Connections: Sendable {
    private struct State {
        var open: [ObjectIdentifier: any Channel] = [:]
        var busy: [ObjectIdentifier: Int] = [:]
        /// Fulfilled when no request is in flight, once somebody waits for that.
        var quiet: EventLoopPromise<Void>?
    }

    private let state = NIOLockedValueBox(State())

    func opened(_ channel: any Channel) {
        state.withLockedValue { $0.open[ObjectIdentifier(channel)] = channel }
    }

    func closed(_ channel: any Channel) {
        state.withLockedValue { $0.open[ObjectIdentifier(channel)] = nil }
    }

    func isBusy(_ channel: any Channel) -> Bool {
        state.withLockedValue { $0.busy[ObjectIdentifier(channel)] != nil }
    }

    /// A request has come in whole.
    func began(_ channel: any Channel) {
        state.withLockedValue { $0.busy[ObjectIdentifier(channel), default: 0] += 1 }
    }

    /// Its answer has gone out, or cannot any more.
    func ended(_ channel: any Channel) {
        let quiet = state.withLockedValue { state -> EventLoopPromise<Void>? in
            let id = ObjectIdentifier(channel)
            state.busy[id] = state.busy[id].flatMap { $0 > 1 ? $0 - 1 : nil }
            return state.busy.isEmpty ? state.quiet : nil
        }
        quiet?.succeed()
    }

    /// Fulfilled as soon as every request that has come in is answered.
    func whenQuiet(on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        let isQuiet = state.withLockedValue { state in
            state.quiet = promise
            return state.busy.isEmpty
        }
        if isQuiet { promise.succeed() }
        return promise.futureResult
    }

    func closeAll() {
        for channel in state.withLockedValue({ Array($0.open.values) }) { channel.close(promise: nil) }
    }
}
