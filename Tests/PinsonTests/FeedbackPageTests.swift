import Fixtures
import Foundation
import Testing

/// The page about feedback: its requests and commands work as it says.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct FeedbackPageTests {
    private let pinson = Workplace.binary("pinson")

    private func page() throws -> String {
        try String(contentsOf: Workplace.repository.appendingPathComponent("docs/feedback.md"), encoding: .utf8)
    }

    /// Calls `body` with a folder in which `reports` has what a function wrote, and with the answer to the last report.
    private func with(_ bodies: [String], _ body: (URL, HTTPAnswer) throws -> Void) throws {
        try Workplace.withFolder { folder in
            let reports = folder.appendingPathComponent("reports")
            try FileManager.default.createDirectory(at: reports, withIntermediateDirectories: true)
            let function = try FunctionProcess(
                ["FEEDBACK_DIR": reports.path], log: folder.appendingPathComponent("log"))
            let answers = try bodies.map { report in
                try Client.request(port: function.port, "POST", "/feedback", body: report)
            }
            #expect(function.terminate() == 0)
            try body(folder, try #require(answers.last))
        }
    }

    @Test func theReportOfThePageIsKeptAndItsCommandsExportIt() throws {
        let page = try page()
        let report = try #require(page.firstMatch(of: /curl -d '([^']*)' \\\n/))
        let commands = page.matches(of: /(?m)^dist\/pinson (feedback .*)$/).map { String($0.1) }
        #expect(commands.count == 2)
        try with([String(report.1)]) { folder, answer in
            #expect(answer.status == 200)
            let shown = try #require(page.firstMatch(of: /```json\n(.*)\n```/))
            let keys = try JSONSerialization.jsonObject(with: Data(shown.1.utf8)) as? [String: Any]
            #expect(try Set(answer.json().keys) == Set(try #require(keys).keys))
            for command in commands {
                let script = "cd '\(folder.path)' && '\(pinson.path)' \(command)"
                let result = try Program.run(try #require(Program.find("bash")), ["-c", script])
                #expect(result.status == 0 && result.error.contains("1 report"), "\(result.error)")
            }
            let table = folder.appendingPathComponent("reports.csv").path
            let described = try Program.run(
                pinson, ["data", "describe", table, "--label-column", "expected_label", "--json"])
            #expect(described.status == 0 && described.output.contains("negative"), "\(described.error)")
        }
    }

    @Test func everySettingOfThePageIsOneOfTheFunction() throws {
        let names = Set(try page().matches(of: /\b(?:FEEDBACK|API)_[A-Z_]+\b/).map { String($0.0) })
        let help = try Program.run(Workplace.binary("function"), ["--help"]).output
        for name in names { #expect(help.contains("  \(name)"), "\(name)") }
        #expect(names.count >= 6)
    }

    @Test func bothFormatsHoldTheSameReports() throws {
        let texts = ["a, \\\"b\\\"\\nc", "é😍", "=1+1"]
        let bodies = texts.enumerated().map { index, text in
            "{\"text\":\"\(text)\",\"predicted_label\":\"a\",\"score\":\(index)}"
        }
        try with(bodies) { folder, _ in
            let reports = folder.appendingPathComponent("reports").path
            let lines = try Program.run(pinson, ["feedback", "export", reports])
            #expect(lines.error == "3 reports\n")
            let records = try lines.output.split(separator: "\n").map { line in
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            }
            #expect(records.map { $0["score"] as? Int } == [0, 1, 2])
            #expect(records.first?["text"] as? String == "a, \"b\"\nc")
            let table = try Program.run(pinson, ["feedback", "export", reports, "--format", "csv"]).output
            #expect(table.hasPrefix("id,time,text,text_hash,predicted_label,score,"))
            #expect(table.contains(",\"a, \"\"b\"\"\nc\",") && table.contains(",é😍,"))
        }
    }

    @Test func aFolderThatDoesNotExistIsNamed() throws {
        let result = try Program.run(pinson, ["feedback", "export", "/nowhere"])
        #expect(result.status == 2)
        #expect(result.error.contains("/nowhere: cannot list the folder: No such file or directory."))
    }
}
