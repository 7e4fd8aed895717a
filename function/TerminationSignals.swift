import Glibc

/// Waits for SIGTERM or SIGINT.
///
/// The signals are blocked in every thread, and `sigwait` takes them. A handler is installed as well, because a process
/// with PID 1 does not receive signals for which it has no handler.
struct TerminationSignals {
    private var set = sigset_t()

    /// Blocks the signals.
    ///
    /// No other thread may have been started before, because threads inherit the mask.
    init() {
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT] {
            sigaddset(&set, number)
            signal(number) { _ in }
        }
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Returns the number of the first signal that arrives.
    func wait() -> Int32 {
        var set = set
        var number: Int32 = 0
        while sigwait(&set, &number) != 0 {}
        return number
    }
}
