import Foundation
import Glibc

/// A command of pinson that runs as a step of another one.
///
/// It is a process of its own, so its memory is free afterwards, and what it does can be repeated by hand. It cannot
/// outlive this process. Its messages go to stderr, as those of this process.
struct PinsonCommand {
    /// What a command has printed, and how it ended.
    struct Result {
        var status: Int32
        var output: String
    }

    /// The arguments, which start with the name of the command.
    let arguments: [String]
    /// The folder that it runs in.
    let folder: String

    /// Runs the command, and waits until it ends.
    ///
    /// - Returns: What it has printed on stdout, and its exit code.
    /// - Throws: `TrialFailure` if it cannot be started.
    func run() throws -> Result {
        let file = "\(folder)/output.partial"
        let output = open(file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer {
            close(output)
            close(null)
            unlink(file)
        }
        guard output >= 0, null >= 0 else {
            throw TrialFailure(reason: "\(file) cannot be written: \(String(cString: strerror(errno)))")
        }
        var environment = ProcessInfo.processInfo.environment
        // A step is recorded by the command that it is a part of.
        environment["MLFLOW_EXPERIMENT_NAME"] = nil
        let (process, _) = try GuardedProcess.start(
            "/proc/self/exe", arguments, in: folder, environment: environment, streams: [null, output, STDERR_FILENO],
            keeping: [])
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let text = try String(decoding: Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
        // The low seven bits are the signal that ended it, and the next byte is its exit code.
        let signal = status & 0x7F
        return Result(status: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: text)
    }
}
