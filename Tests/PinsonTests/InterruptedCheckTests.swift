import Fixtures
import Foundation
import Testing

/// A `check` that is stopped while the function runs leaves no process and no file behind.
@Suite(.serialized, .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct InterruptedCheckTests {
    /// The processes whose parent is `process`.
    private func children(of process: Int32) -> [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int32($0) }.filter { parent(of: $0)?.parent == process }
    }

    /// The state and the parent of a process, or nil if it is gone.
    private func parent(of process: Int32) -> (state: Substring, parent: Int32)? {
        let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        let fields = text?.split(separator: ")").last?.split(separator: " ")
        guard let fields, fields.count > 2, let parent = Int32(fields[1]) else { return nil }
        return (fields[0], parent)
    }

    private func isRunning(_ process: Int32) -> Bool { parent(of: process).map { $0.state != "Z" } ?? false }

    /// The addresses that a process listens on, as the system writes them: 0100007F is 127.0.0.1.
    ///
    /// Waits until the process listens. The result is empty if the process ends first.
    private func addresses(_ process: Int32) throws -> [String] {
        func sockets() -> Set<String> {
            let folder = "/proc/\(process)/fd"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return Set(
                names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") })
        }
        let deadline = ContinuousClock.now + .seconds(60)
        while isRunning(process), ContinuousClock.now < deadline {
            let own = sockets()
            var found: [String] = []
            for table in ["tcp", "tcp6"] {
                // The system states no size for this file, and `String(contentsOfFile:)` then reads its first page only.
                let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/net/\(table)"))
                let text = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
                for line in text.split(separator: "\n") where line.contains(" 0A ") {  // a socket that listens
                    let fields = line.split(separator: " ")
                    guard fields[3] == "0A", own.contains("socket:[\(fields[9])]") else { continue }
                    found.append(String(fields[1].prefix { $0 != ":" }))
                }
            }
            if !found.isEmpty { return found }
            usleep(1000)
        }
        return []
    }

    /// A `check` that is stopped while its function listens, so that the function waits for a request that does not come.
    ///
    /// On a busy machine the function can answer and end before it is seen. Then another `check` is started.
    private func stoppedCheck(of subject: String, temporary: URL) throws -> (check: Process, function: Int32) {
        for _ in 0..<50 {
            let check = Process()
            check.executableURL = Workplace.binary("pinson")
            check.arguments = ["check", subject]
            check.environment = ["TMPDIR": temporary.path]
            check.standardOutput = FileHandle.nullDevice
            check.standardError = FileHandle.nullDevice
            try check.run()
            while check.isRunning {
                guard let function = children(of: check.processIdentifier).first(where: isRunning) else {
                    usleep(500)
                    continue
                }
                kill(check.processIdentifier, SIGSTOP)
                let listening = try addresses(function)
                if !listening.isEmpty {
                    #expect(listening == ["0100007F"])
                    return (check, function)
                }
                let isWaiting = isRunning(function)
                kill(check.processIdentifier, SIGCONT)
                try #require(!isWaiting, "the function did not listen within a minute")
            }
        }
        throw Missed()
    }

    /// Fifty times the function ended before it was seen.
    private struct Missed: Error {}

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
    func nothingIsLeft(signal: Int32) throws {
        try Images.withImage { tar, folder in
            let temporary = folder.appendingPathComponent("tmp")
            try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
            for subject in [tar, Images.model] {
                let (check, function) = try stoppedCheck(of: subject, temporary: temporary)
                kill(check.processIdentifier, signal)
                kill(check.processIdentifier, SIGCONT)
                check.waitUntilExit()
                #expect(check.terminationReason == .uncaughtSignal && check.terminationStatus == signal)
                for _ in 0..<1000 where isRunning(function) { usleep(10_000) }
                #expect(!isRunning(function))
                let left = try FileManager.default.contentsOfDirectory(atPath: temporary.path)
                #expect(left.isEmpty, "\(left)")
            }
        }
    }
}
