import Feedback
import Fixtures
import Foundation
import Glibc
import Testing

/// `feedback export` from everywhere: buckets, Application Insights and logs.
@Suite(
    .enabled(if: Workplace.hasBinaries && Python.interpreter != nil, "needs the binaries of `make build`, and Python"))
struct ExportSourceTests {
    private let pinson = Workplace.binary("pinson")

    private func record(_ index: Int) -> FeedbackRecord {
        let time = FeedbackTime(milliseconds: 1_790_000_000_000 + index)
        return FeedbackRecord(
            id: FeedbackID(time: time), time: time, content: .text("tweet \(index)"), predicted: "positive", score: 0.5,
            expected: "negative", isCorrect: false, model: "tiny")
    }

    /// Calls `body` with a folder, and the port of a server that serves it.
    private func withServer(_ body: (URL, Int) throws -> Void) throws {
        try Workplace.withFolder { folder in
            let process = Process()
            process.executableURL = Python.interpreter
            process.arguments = [
                Workplace.repository.appendingPathComponent("Tests/PinsonTests/report_server.py").path, folder.path,
            ]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            // A thread of the tests may block the signal to end, and then so does what it starts.
            defer {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
            var line = Data()
            while line.last != UInt8(ascii: "\n") {
                let bytes = output.fileHandleForReading.availableData
                guard !bytes.isEmpty else { throw Client.Failure() }
                line += bytes
            }
            try body(folder, try #require(Int(String(decoding: line, as: UTF8.self).dropLast())))
        }
    }

    @Test func theReportsOfABucketAreThoseOfItsFolder() throws {
        try withServer { folder, port in
            let volume = FolderVolume(path: folder.path)
            for index in 0..<30 {
                let log = FeedbackLog(volume, instance: FeedbackInstance(host: "host", boot: "\(index % 3)"))
                try log.append([.report(record(index))])
            }
            let environment = [
                "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s",
                "AWS_ENDPOINT_URL": "http://127.0.0.1:\(port)", "HOME": folder.path,
            ]
            let local = try Program.run(pinson, ["feedback", "export", folder.path])
            let bucket = try Program.run(
                pinson, ["feedback", "export", "s3://bucket/reports"], environment: environment)
            #expect(local.status == 0 && local.output.split(separator: "\n").count == 30, "\(local.error)")
            #expect(bucket.status == 0 && bucket.output == local.output, "\(bucket.error)")
            let both = try Program.run(
                pinson, ["feedback", "export", folder.path, "s3://bucket/reports", "--counts", "--json"],
                environment: environment)
            #expect(both.error.contains("30 reports, 30 repeated"), "\(both.error)")
            let counts = try #require(
                try JSONSerialization.jsonObject(with: Data(both.output.utf8)) as? [String: Any])
            #expect((counts["total"] as? [String: Any])?["wrong"] as? Int == 30)
        }
    }

    @Test func aWorkspaceIsAskedPageByPage() throws {
        try withServer { folder, port in
            let rows = (0..<2500).map { index in
                let time = FeedbackTime(milliseconds: 1_790_000_000_000 + index / 2 * 10)
                let members = #"{"text":"tweet \#(index)","predicted_label":"positive","score":"0.5"}"#
                return #"{"time":"\#(time)","properties":\#(members)}"# + "\n"
            }
            try Data(rows.joined().utf8).write(to: folder.appendingPathComponent("rows.jsonl"))
            let environment = [
                "AZURE_MONITOR_TOKEN": "token", "AZURE_MONITOR_ENDPOINT": "http://127.0.0.1:\(port)",
            ]
            let result = try Program.run(
                pinson, ["feedback", "export", "--workspace", "a1-b2", "--days", "30"], environment: environment)
            #expect(result.status == 0 && result.error.contains("2500 reports"), "\(result.error)")
            #expect(result.output.split(separator: "\n").count == 2500)
            let queries = try String(contentsOf: folder.appendingPathComponent("queries"), encoding: .utf8)
            #expect(queries.split(separator: "\n").count == 3 && queries.contains("ago(30d)"), "\(queries)")
        }
    }

    @Test func theLogOfAFunctionWithoutAVolumeIsExported() throws {
        try Workplace.withFolder { folder in
            let log = folder.appendingPathComponent("log")
            let function = try FunctionProcess([:], log: log)
            for text in ["late", "later"] {
                let body = #"{"text":"\#(text)","predicted_label":"positive","score":0.5,"expected_label":"negative"}"#
                #expect(try Client.request(port: function.port, "POST", "/feedback", body: body).status == 200)
            }
            #expect(function.terminate() == 0)
            let result = try Program.run(pinson, ["feedback", "export", log.path, "--from", "logs", "--format", "csv"])
            #expect(result.status == 0 && result.error.contains("2 reports"), "\(result.error)")
            #expect(result.output.contains(",late,,positive,0.5,negative,") && result.output.contains(",later,"))
        }
    }

    @Test(arguments: [
        ([], "There is no source"), (["--from", "logs"], "There is no source"), (["a", "--json"], "'--json' needs"),
        (["ftp://a/b"], "it is not the address of a store"), (["a", "--days", "0"], "expected 1 to 3650"),
        (["--workspace", "a"], "AZURE_MONITOR_TOKEN: it is not set to an access token"),
    ])
    func whatCannotBeReadIsNamed(arguments: [String], message: String) throws {
        let result = try Program.run(pinson, ["feedback", "export"] + arguments)
        #expect(result.status == 2 && result.error.contains(message), "\(result.error)")
    }
}
