import Glibc

/// The terminal while a program draws a whole screen: without echo, without lines, on a screen of its own.
///
/// However the program ends, except by SIGKILL, the terminal is as it was before: also after a signal and after a crash.
/// There is one such terminal at a time.
final class RawTerminal {
    /// What has happened.
    enum Event {
        /// These bytes were typed.
        case bytes([UInt8])
        /// Nothing was typed for as long as the caller wanted to wait.
        case silence
        /// The window has another size, or the program goes on after it was stopped.
        case changed
        /// The program was asked to end, or the terminal is gone.
        case end
    }

    private var isTaken = false

    /// Takes the terminal, or returns nil if stdin and stdout are not one.
    init?() {
        guard Terminal.canMoveCursor(STDOUT_FILENO), tcgetattr(STDIN_FILENO, &saved.pointee) == 0,
            pipe(signals) == 0
        else { return nil }
        for end in 0..<2 {
            _ = fcntl(signals[end], F_SETFD, FD_CLOEXEC)
            _ = fcntl(signals[end], F_SETFL, O_NONBLOCK)
        }
        unblock(crashes + endings + changes)
        for number in crashes { install(number, isCrash: true) }
        for number in endings + changes { install(number, isCrash: false) }
        isTaken = true
        enter()
    }

    /// The size of the window in characters.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Waits for something to happen.
    ///
    /// - Parameter timeout: The longest wait in milliseconds; forever if it is negative.
    /// - Returns: What has happened.
    func next(timeout: Int32) -> Event {
        var requests = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals[0], events: Int16(POLLIN), revents: 0),
        ]
        while poll(&requests, 2, timeout) < 0 { if errno != EINTR { return .end } }
        if requests[1].revents != 0 {
            var numbers = [UInt8](repeating: 0, count: 64)
            let count = read(signals[0], &numbers, numbers.count)
            if numbers.prefix(max(0, count)).contains(where: { endings.contains(Int32($0)) }) { return .end }
            enter()
            return .changed
        }
        guard requests[0].revents != 0 else { return .silence }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return .silence }
        return count > 0 ? .bytes(Array(bytes.prefix(count))) : .end
    }

    /// Gives the terminal back as it was.
    func restore() {
        guard isTaken else { return }
        isTaken = false
        giveBack()
        for number in crashes + endings + changes { signal(number, SIG_DFL) }
        close(signals[0])
        close(signals[1])
    }

    deinit { restore() }

    private func install(_ number: Int32, isCrash: Bool) {
        var action = sigaction()
        if isCrash {
            action.__sigaction_handler.sa_handler = handleCrash
        } else {
            action.__sigaction_handler.sa_handler = handleSignal
        }
        action.sa_flags = isCrash ? 0 : SA_RESTART
        sigaction(number, &action, nil)
    }

    private func enter() {
        var raw = saved.pointee
        raw.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON)
        raw.c_cflag |= tcflag_t(CS8)
        // Ctrl-C arrives as a key, so that nothing is lost between two keys.
        raw.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
        _ = write(STDOUT_FILENO, enteringScreen.baseAddress, enteringScreen.count)
        _ = leavingScreen.count  // It must exist before a signal arrives.
    }
}

// MARK: - What signal handlers need: memory that exists before a signal arrives, and functions that are safe in a handler

nonisolated(unsafe) private let saved: UnsafeMutablePointer<termios> = {
    let pointer = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    pointer.initialize(to: termios())
    return pointer
}()
nonisolated(unsafe) private let signals: UnsafeMutablePointer<Int32> = .allocate(capacity: 2)

/// A screen of its own, no wrapping at the right edge, and marks around pasted texts.
nonisolated(unsafe) private let enteringScreen = bytes("\u{1B}[?1049h\u{1B}[?7l\u{1B}[?2004h\u{1B}[2J")
nonisolated(unsafe) private let leavingScreen = bytes("\u{1B}[?2004l\u{1B}[?7h\u{1B}[?25h\u{1B}[0m\u{1B}[?1049l")

private let crashes = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGQUIT]
private let endings = [SIGTERM, SIGINT, SIGHUP]
private let changes = [SIGWINCH, SIGCONT]

private func bytes(_ text: String) -> UnsafeMutableBufferPointer<UInt8> {
    let utf8 = Array(text.utf8)
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: utf8.count)
    _ = buffer.initialize(from: utf8)
    return buffer
}

private func giveBack() {
    _ = write(STDOUT_FILENO, leavingScreen.baseAddress, leavingScreen.count)
    tcsetattr(STDIN_FILENO, TCSADRAIN, saved)
}

/// Lets signals arrive, which whoever has started this program may have blocked.
private func unblock(_ numbers: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    sigprocmask(SIG_UNBLOCK, &set, nil)
}

private func handleCrash(_ number: Int32) {
    giveBack()
    signal(number, SIG_DFL)
    raise(number)
}

private func handleSignal(_ number: Int32) {
    let error = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(signals[1], &byte, 1)
    errno = error
}
