import NIOConcurrencyHelpers

/// A flag that says that the client no longer waits for its answer.
final class Cancellation: Sendable {
    private let state = NIOLockedValueBox(false)

    var isCancelled: Bool { state.withLockedValue { $0 } }

    func cancel() { state.withLockedValue { $0 = true } }
}
