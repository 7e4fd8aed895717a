import Foundation
import Glibc

/// Starts a program that cannot outlive the thread that starts it: the system kills it when the thread ends, even if
/// this process is killed.
///
/// Only the new process itself can ask the system for this, before it becomes the program. So pinson starts itself with
/// a special argument, and the copy asks and becomes the program.
///
/// - Source: prctl(2), PR_SET_PDEATHSIG.
enum GuardedProcess {
    private static let argument = "--become-guarded-program"

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: The program.
    ///   - arguments: Its arguments, without its name.
    ///   - folder: The folder that it runs in, or nil for the one of this process.
    ///   - environment: Its environment variables.
    ///   - streams: The descriptors of its standard input, output and error.
    ///   - kept: Other descriptors that the program gets, with the same numbers.
    /// - Returns: The process id, and the time at which the program began to run.
    /// - Throws: `TrialFailure` if the program cannot be started.
    static func start(
        _ path: String, _ arguments: [String] = [], in folder: String? = nil, environment: [String: String],
        streams: [Int32], keeping kept: [Int32]
    ) throws -> (process: pid_t, began: ContinuousClock.Instant) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw failure(path, errno) }
        // Above all numbers that the copies of the descriptors take.
        let highest = (kept + ends + streams).max() ?? 3
        let end = fcntl(ends[1], F_DUPFD_CLOEXEC, highest + 1)
        close(ends[1])
        defer { close(ends[0]) }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (stream, descriptor) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(stream))
        }
        for descriptor in kept + [end] { posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var process = pid_t()
        let arguments = ["pinson", argument, "\(getpid())", "\(end)", folder ?? ".", path] + arguments
        let code = withArrayOfStrings(arguments) { arguments in
            withArrayOfStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
                posix_spawn(&process, "/proc/self/exe", &actions, &attributes, arguments, variables)
            }
        }
        close(end)
        guard code == 0 else { throw failure(path, code) }
        var number: Int32 = 0
        let count = read(ends[0], &number, MemoryLayout<Int32>.size)  // The pipe is closed when the program begins.
        let began = ContinuousClock.now
        guard count == 0 else {
            waitpid(process, nil, 0)
            throw failure(path, count == MemoryLayout<Int32>.size ? number : ECHILD)
        }
        return (process, began)
    }

    /// Becomes the program, if this process is the copy that `start` has made.
    static func becomeProgramIfAsked() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 6, arguments[1] == argument, let parent = pid_t(arguments[2]),
            let report = Int32(arguments[3])
        else { return }
        _ = fcntl(report, F_SETFD, FD_CLOEXEC)
        if setProcessOption(PR_SET_PDEATHSIG, UInt(SIGKILL)) == 0, getppid() == parent, chdir(arguments[4]) == 0 {
            _ = withArrayOfStrings(Array(arguments[5...])) { execve(arguments[5], $0, environ) }
        }
        var number = errno
        _ = write(report, &number, MemoryLayout<Int32>.size)
        _exit(127)
    }

    private static func failure(_ path: String, _ code: Int32) -> TrialFailure {
        TrialFailure(reason: "\(path) cannot be started: \(String(cString: strerror(code)))")
    }
}

private let PR_SET_PDEATHSIG: Int32 = 1

/// `prctl`, which Swift does not import because it takes a variable number of arguments.
@_silgen_name("prctl")
private func setProcessOption(_ option: Int32, _ value: UInt) -> Int32

/// Calls `body` with C strings that end with a null pointer.
private func withArrayOfStrings<R>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
    let pointers = texts.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
}
