import Dispatch
import Feedback
import Fixtures
import Foundation
import Glibc
import Synchronization
import Testing

/// Reports while the function is killed and the volume fails: nothing that was acknowledged is lost.
///
/// FEEDBACK_ROUNDS=1000 kills the function more often.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct FeedbackFaultTests {
    /// Sends reports one after the other until the connection ends, and keeps in mind those that were acknowledged.
    private final class Reporter: Sendable {
        let acknowledged = Mutex<[String]>([])

        func run(port: Int, name: String) {
            guard let client = try? Client(port: port) else { return }
            for index in 0..<100_000 {
                let text = "\(name).\(index)"
                client.send(
                    Client.text(
                        "POST", "/feedback", body: #"{"text":"\#(text)","predicted_label":"positive","score":0.5}"#))
                guard let answer = client.readResponse() else { return }
                if answer.status == 200 { acknowledged.withLock { $0.append(text) } }
            }
        }
    }

    private func texts(_ folder: URL) throws -> [String] {
        try FeedbackArchive(reading: FolderVolume(path: folder.path)).records.map { record in
            if case .text(let text) = record.content { text } else { "" }
        }
    }

    @Test func aFunctionThatIsKilledLosesNothingThatItAcknowledged() throws {
        let rounds = Int(ProcessInfo.processInfo.environment["FEEDBACK_ROUNDS"] ?? "") ?? 30
        try Workplace.withFolder { folder in
            var random = Seeded(UInt64(rounds))
            let volume = folder.appendingPathComponent("volume")
            try FileManager.default.createDirectory(at: volume, withIntermediateDirectories: true)
            let reporter = Reporter()
            for round in 0..<rounds {
                let functions = try (0..<(round % 4 == 0 ? 2 : 1)).map { index in
                    try FunctionProcess(
                        ["FEEDBACK_DIR": volume.path, "CONCURRENCY": "1", "LOG_LEVEL": "error"],
                        log: folder.appendingPathComponent("log\(index)"))
                }
                let group = DispatchGroup()
                for (index, function) in functions.enumerated() {
                    for client in 0..<8 {
                        let port = function.port
                        let thread = Thread {
                            reporter.run(port: port, name: "\(round).\(index).\(client)")
                            group.leave()
                        }
                        group.enter()
                        thread.start()
                    }
                }
                usleep(UInt32.random(in: 0..<60_000, using: &random))
                // On a busy machine, some functions are killed before they have answered at all.
                let goal = round % 2 == 0 ? reporter.acknowledged.withLock(\.count) + 1 : 0
                for _ in 0..<2000 where reporter.acknowledged.withLock({ $0.count < goal }) { usleep(5000) }
                for function in functions { function.kill() }
                group.wait()
            }
            let acknowledged = reporter.acknowledged.withLock { $0 }
            #expect(acknowledged.count >= rounds / 2, "the function hardly answered")
            let texts = try texts(volume)
            #expect(texts.count == Set(texts).count, "a report is there twice")
            let lost = Set(acknowledged).subtracting(texts)
            #expect(lost.isEmpty, "\(lost.count) of \(acknowledged.count) are lost")
            let archive = try FeedbackArchive(reading: FolderVolume(path: volume.path))
            #expect(archive.damaged.isEmpty)
            let export = try Program.run(Workplace.binary("pinson"), ["feedback", "export", volume.path])
            #expect(export.status == 0)
            #expect(export.output.split(separator: "\n").count == texts.count)
        }
    }
}
