import Dispatch
import Glibc
import Synchronization

/// Waits for SIGTERM or SIGINT.
///
/// The signals are blocked in every thread, and a thread of its own takes them with `sigwait`. A handler is installed as
/// well, because a process with PID 1 does not receive signals for which it has no handler.
final class TerminationSignals: Sendable {
    private let isServing = Atomic(false)
    private let number = Atomic<Int32>(0)
    private let received = DispatchSemaphore(value: 0)

    /// Blocks the signals, and ends the process if one arrives before `wait` is called.
    ///
    /// No other thread may have been started before, because threads inherit the mask.
    ///
    /// - Throws: `ThreadError` if the system does not start another thread.
    init() throws(ThreadError) {
        for number in [SIGTERM, SIGINT] { signal(number) { _ in } }
        var set = Self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
        _ = try SystemThread { [self] in
            var (set, signal) = (Self.set, Int32(0))
            while sigwait(&set, &signal) != 0 {}
            guard isServing.load(ordering: .acquiring) else { exit(0) }
            number.store(signal, ordering: .relaxed)
            received.signal()
        }
    }

    /// Returns the number of the first signal that arrives.
    func wait() -> Int32 {
        isServing.store(true, ordering: .releasing)
        received.wait()
        return number.load(ordering: .relaxed)
    }

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        return set
    }
}
