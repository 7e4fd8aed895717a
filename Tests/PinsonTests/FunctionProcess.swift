import Fixtures
import Foundation
import Glibc

/// A running function as a process of its own, with its log in a file.
final class FunctionProcess {
    let port: Int
    private let process = Process()
    private let log: URL

    /// Starts the function and waits until it listens.
    ///
    /// - Parameters:
    ///   - environment: Its variables.
    ///   - log: The file for its log.
    ///   - files: The limit of open files, or nil for the limit of this process.
    ///   - fileBlocks: The limit of the size of a file that it writes, in blocks of 512 bytes, or nil.
    /// - Throws: `Client.Failure` if the function does not start.
    init(_ environment: [String: String], log: URL, files: Int? = nil, fileBlocks: Int? = nil) throws {
        self.log = log
        try Data().write(to: log)
        process.executableURL = Workplace.binary("function")
        let limits = [files.map { "ulimit -n \($0); " }, fileBlocks.map { "ulimit -f \($0); " }].compactMap(\.self)
        if !limits.isEmpty {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "\(limits.joined())exec '\(Workplace.binary("function").path)'"]
        }
        process.environment = environment.merging(["PORT": "0", "HOST": "127.0.0.1"]) { $1 }
        process.standardOutput = try FileHandle(forWritingTo: log)
        try process.run()
        var ready: [String: Any] = [:]
        while ready["port"] == nil {
            guard process.isRunning else { throw Client.Failure() }
            let first = try String(contentsOf: log, encoding: .utf8).split(separator: "\n").first ?? ""
            ready = (try? JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any]) ?? [:]
            if ready["severity"] as? String == "CRITICAL" { throw Client.Failure() }
        }
        port = ready["port"] as? Int ?? 0
    }

    var lines: [String] {
        (try? String(contentsOf: log, encoding: .utf8))?.split(separator: "\n").map(String.init) ?? []
    }

    /// The number of threads.
    var threads: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/task").count) ?? 0
    }

    /// The processor time that was used, in seconds.
    var processorSeconds: Double {
        let text = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Sends SIGTERM and returns the code it exits with.
    func terminate() -> Int32 {
        process.terminate()
        return exitStatus()
    }

    /// Ends the process at once, as a platform does that lacks memory.
    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Waits until the process has ended, and returns the code it exits with.
    func exitStatus() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    deinit { if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) } }
}
