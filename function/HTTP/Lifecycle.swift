import Synchronization

/// The state of the process: it is ready until it drains.
final class Lifecycle: Sendable {
    private let draining = Atomic(false)

    /// Whether platforms should send requests here.
    var isReady: Bool { !draining.load(ordering: .relaxed) }

    /// The process is about to end.
    func drain() { draining.store(true, ordering: .relaxed) }
}
