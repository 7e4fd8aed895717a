import Glibc

/// SIGTERM and SIGINT as something to wait for.
///
/// They are blocked in every thread and taken by `sigwait`. A handler is installed besides: as PID 1 a process does not
/// even receive a signal that it has no handler for.
struct TerminationSignals {
    private var set = sigset_t()

    /// - Precondition: no other thread has been started.
    init() {
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT] {
            sigaddset(&set, number)
            signal(number) { _ in }
        }
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Returns the number of the first signal that comes.
    func wait() -> Int32 {
        var set = set
        var number: Int32 = 0
        while sigwait(&set, &number) != 0 {}
        return number
    }
}
