import NIOConcurrencyHelpers

/// Whether somebody still waits for an answer.
final class Cancellation: Sendable {
    private let state = NIOLockedValueBox(false)

    var isCancelled: Bool { state.withLockedValue { $0 } }

    func cancel() { state.withLockedValue { $0 = true } }
}
