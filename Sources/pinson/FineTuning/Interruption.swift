import Glibc
import Synchronization

/// The signals that ask a training to end: SIGTERM from a system, and SIGINT from Ctrl-C.
///
/// The first one is noted, so that the training can write its state. The second one ends the process at once.
enum Interruption {
    private static let number = Atomic<Int32>(0)

    /// The signal that has come, or nil.
    static var signal: Int32? {
        let signal = number.load(ordering: .relaxed)
        return signal == 0 ? nil : signal
    }

    /// Notes the next SIGTERM or SIGINT instead of ending the process.
    static func begin() {
        number.store(0, ordering: .relaxed)  // It must exist before a signal arrives.
        for ending in [SIGTERM, SIGINT] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { Interruption.number.store($0, ordering: .relaxed) }
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
            sigaction(ending, &action, nil)
        }
        // The program that started this one may have blocked them.
        var signals = sigset_t()
        sigemptyset(&signals)
        for ending in [SIGTERM, SIGINT] { sigaddset(&signals, ending) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Lets both signals end the process again.
    static func end() { for ending in [SIGTERM, SIGINT] { Glibc.signal(ending, SIG_DFL) } }

    /// Ends the process as the signal would have.
    static func obey(_ signal: Int32) -> Never {
        end()
        raise(signal)
        exit(128 + signal)
    }
}
