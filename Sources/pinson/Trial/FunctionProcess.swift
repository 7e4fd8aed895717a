import Foundation
import Glibc

/// A function that runs for a trial, on a port of 127.0.0.1.
///
/// The system kills it when this process ends, even if this process is killed, and when the thread ends that started it.
/// A caller must therefore not suspend between starting it and stopping it.
final class FunctionProcess {
    /// What is run, and with what.
    struct Program {
        /// The path of the program.
        var path: String
        /// The path of the model, as the program sees it.
        var model: String
        /// The environment variables of the image, or others.
        var environment: [String: String] = [:]
        /// The descriptors that the program needs because `path` or `model` name them.
        var descriptors: [Int32] = []
    }

    /// The port that the function listens on.
    private(set) var port: UInt16 = 0
    /// The time at which the program began to run.
    let began: ContinuousClock.Instant
    private let process: Int32
    private let output: Int32

    /// Starts the function, and waits until it reports that it is ready.
    ///
    /// - Throws: `TrialFailure` if it does not start.
    init(_ program: Program) throws {
        var environment = program.environment
        environment["PORT"] = "0"
        environment["HOST"] = "127.0.0.1"  // Nobody else can reach a function that is only measured.
        environment["MODEL_PATH"] = program.model
        environment["LOG_LEVEL"] = "info"  // The port is in a line of this level.
        var ends: [Int32] = [-1, -1]
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard null >= 0, pipe(&ends) == 0 else {
            throw TrialFailure(reason: "no pipe can be opened: \(String(cString: strerror(errno)))")
        }
        output = ends[0]
        defer {
            close(null)
            close(ends[1])
        }
        do {
            (process, began) = try GuardedProcess.start(
                program.path, environment: environment, streams: [null, ends[1], null],
                keeping: program.descriptors)
        } catch {
            close(ends[0])
            throw error
        }
        port = try readPort()
        _ = fcntl(output, F_SETFL, O_NONBLOCK)
    }

    deinit {
        if process > 0 {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        close(output)
    }

    /// The seconds to wait for the function, which is longer than most platforms wait.
    static let patience = 240

    /// Reads the port from the log line that reports that the function is ready.
    private func readPort() throws -> UInt16 {
        struct Line: Decodable {
            var message: String
            var port: UInt16?
        }
        let deadline = ContinuousClock.now + .seconds(Self.patience)
        var text = Data()
        while text.count < 1 << 20 {
            let left = Int32((deadline - .now) / .milliseconds(1))
            var poller = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&poller, 1, left) > 0 else { break }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(output, &buffer, buffer.count)
            guard count > 0 else {
                let last = text.split(separator: UInt8(ascii: "\n")).last ?? Data()
                throw TrialFailure(
                    reason: "it ended with the output '\(String(decoding: last.prefix(500), as: UTF8.self))'")
            }
            text += buffer.prefix(count)
            for line in text.split(separator: UInt8(ascii: "\n")) {
                if let line = try? JSONDecoder().decode(Line.self, from: line), let port = line.port { return port }
            }
        }
        throw TrialFailure(reason: "it did not report that it is ready")
    }

    /// Reads the log lines that have been written since the last time, so that the function is not blocked.
    func discardOutput() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while read(output, &buffer, buffer.count) > 0 {}
    }

    /// The memory of the function, in bytes.
    struct Memory {
        /// The most that was resident at any time, with the files that are mapped.
        var peak: Int64
        /// What is resident now and is no part of a file.
        var anonymous: Int64
    }

    /// Reads the memory of the function from the system.
    ///
    /// - Throws: `TrialFailure` if the function has ended.
    func memory() throws -> Memory {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        func bytes(_ name: String) -> Int64? {
            status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
                .flatMap { Int64($0.filter(\.isNumber)) }.map { $0 * 1024 }
        }
        guard let peak = bytes("VmHWM"), let anonymous = bytes("RssAnon") else {
            throw TrialFailure(reason: "it ended, or the system does not report its memory")
        }
        return Memory(peak: peak, anonymous: anonymous)
    }
}
