import Dispatch
import Feedback
import Fixtures
import Foundation
import Synchronization
import Testing

/// Sends reports to functions that are killed meanwhile, and keeps in mind those that were acknowledged.
final class FeedbackReporter: Sendable {
    private let acknowledged = Mutex<[String]>([])

    /// Starts one or two functions again and again, and kills them while eight clients report to each of them.
    ///
    /// - Parameters:
    ///   - rounds: The number of times.
    ///   - volume: The folder of the reports.
    ///   - logs: The folder of the logs.
    /// - Throws: `Client.Failure` if a function does not start.
    func report(rounds: Int, to volume: URL, logs: URL) throws {
        var random = Seeded(UInt64(rounds))
        for round in 0..<rounds {
            let functions = try (0..<(round % 4 == 0 ? 2 : 1)).map { index in
                try FunctionProcess(
                    ["FEEDBACK_DIR": volume.path, "CONCURRENCY": "1", "LOG_LEVEL": "error"],
                    log: logs.appendingPathComponent("log\(index)"))
            }
            let group = DispatchGroup()
            for (index, function) in functions.enumerated() {
                for client in 0..<8 {
                    let port = function.port
                    let thread = Thread { [self] in
                        send(to: port, name: "\(round).\(index).\(client)")
                        group.leave()
                    }
                    group.enter()
                    thread.start()
                }
            }
            usleep(UInt32.random(in: 0..<60_000, using: &random))
            // On a busy machine, some functions are killed before they have answered at all.
            let goal = round % 2 == 0 ? acknowledged.withLock(\.count) + 1 : 0
            for _ in 0..<2000 where acknowledged.withLock({ $0.count < goal }) { usleep(5000) }
            for function in functions { function.kill() }
            group.wait()
        }
    }

    /// Sends reports one after the other until the connection ends.
    private func send(to port: Int, name: String) {
        guard let client = try? Client(port: port) else { return }
        for index in 0..<100_000 {
            let text = "\(name).\(index)"
            let body = #"{"text":"\#(text)","predicted_label":"positive","score":0.5}"#
            client.send(Client.text("POST", "/feedback", body: body))
            guard let answer = client.readResponse() else { return }
            if answer.status == 200 { acknowledged.withLock { $0.append(text) } }
        }
    }

    /// Checks that a volume has each acknowledged report once, and that `pinson feedback export` reads all of it.
    ///
    /// - Parameters:
    ///   - volume: The folder of the reports.
    ///   - least: The smallest number of reports that must have been acknowledged.
    /// - Throws: `FileError` if the volume cannot be read.
    func expectNothingIsLost(on volume: URL, least: Int) throws {
        let acknowledged = acknowledged.withLock { $0 }
        #expect(acknowledged.count >= least, "the function hardly answered")
        let archive = try FeedbackArchive(reading: FolderVolume(path: volume.path))
        let texts = archive.records.map { if case .text(let text) = $0.content { text } else { "" } }
        #expect(texts.count == Set(texts).count, "a report is there twice")
        let lost = Set(acknowledged).subtracting(texts)
        #expect(lost.isEmpty, "\(lost.count) of \(acknowledged.count) are lost")
        #expect(archive.damaged.isEmpty)
        let export = try Program.run(Workplace.binary("pinson"), ["feedback", "export", volume.path])
        #expect(export.status == 0)
        #expect(export.output.split(separator: "\n").count == texts.count)
    }
}
