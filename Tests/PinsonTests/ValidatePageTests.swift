import Fixtures
import Foundation
import Testing

/// The page about validation: its commands work as it says, and what they write is read by other commands.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct ValidatePageTests {
    private let pinson = Workplace.binary("pinson")

    private func with(_ body: (URL, (String) throws -> Program.Result) throws -> Void) throws {
        try Workplace.withFolder { folder in
            let lines = (0..<12).map { index in
                #"{"text":"tweet \#(index), late","predicted_label":"positive","score":0.7,"#
                    + #""expected_label":"negative","time":"2026-11-24T16:20:\#(index + 10)Z"}"# + "\n"
            }
            try Data(lines.joined().utf8).write(to: folder.appendingPathComponent("reports.jsonl"))
            try body(folder) { command in
                let line = command.replacing("dist/pinson", with: "'\(pinson.path)'")
                return try Program.run(
                    try #require(Program.find("bash")), ["-c", "cd '\(folder.path)' && \(line)"])
            }
        }
    }

    /// Fills the column `label` of a sheet with one label after the other.
    private func fill(_ sheet: URL, _ labels: [String]) throws {
        var lines = try String(contentsOf: sheet, encoding: .utf8).split(separator: "\n").map(String.init)
        for (index, label) in labels.enumerated() { lines[index + 1] += label + "," }
        lines = lines.map { $0.replacing(/,,(\w+),$/) { ",\($0.1)," } }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: sheet)
    }

    @Test func everyCommandOfThePageWorks() throws {
        let page = try String(
            contentsOf: Workplace.repository.appendingPathComponent("docs/validate.md"), encoding: .utf8)
        let commands = page.matches(of: /```sh\n((?:.*\n)+?)```/).flatMap { block in
            block.1.split(separator: "\n").map(String.init)
        }
        #expect(commands.count == 3)
        try with { folder, run in
            for command in commands {
                let result = try run(command)
                #expect(result.status == 0 && !(result.output + result.error).isEmpty, "\(command): \(result.error)")
                let sheet = folder.appendingPathComponent("sheet.csv")
                if command.contains("--to-sheet") {
                    try fill(sheet, ["negative", "positive", "skip", "reject", "negative", "positive"])
                }
            }
            let result = try run("dist/pinson data describe validated.csv --json")
            #expect(result.status == 0 && result.output.contains("negative"), "\(result.error)")
        }
    }

    @Test func twoPeopleDisagreeAndTheirDisagreementIsNotInTheTable() throws {
        try with { folder, run in
            let sheet = folder.appendingPathComponent("sheet.csv")
            let start = "dist/pinson feedback validate reports.jsonl -o v.csv"
            for (name, labels) in [
                ("ana", ["negative", "negative", "positive"]), ("bob", ["negative", "positive", "positive"]),
            ] {
                #expect(try run("\(start) --annotator \(name) --to-sheet sheet.csv").status == 0)
                try fill(sheet, labels)
                let result = try run("\(start) --annotator \(name) --from-sheet sheet.csv")
                #expect(result.status == 0 && result.error.contains("3 decisions of \(name)"), "\(result.error)")
            }
            let agreement = try run("\(start) --agreement").output
            #expect(agreement.contains("ana and bob: 3 reports in common, 66.7 % equal, kappa 0.400"), "\(agreement)")
            #expect(agreement.contains("ana: negative, bob: positive  tweet 1, late"), "\(agreement)")
            let table = try String(contentsOf: folder.appendingPathComponent("v.csv"), encoding: .utf8)
            #expect(table.split(separator: "\n").count == 3 && table.contains(",ana+bob,"))
            let digest = try run("sha256sum v.csv").output.prefix(64)
            let lineage = try String(contentsOf: folder.appendingPathComponent("v.csv.lineage.json"), encoding: .utf8)
            #expect(lineage.contains("\"sha256\":\"\(digest)\"") && lineage.contains("\"pairs\":3,\"kappa\":0."))
        }
    }

    @Test(arguments: [
        (["--annotator", ""], "'--annotator <name>' must be a name"),
        (["--to-sheet", "a", "--agreement"], "only one of"),
        (["--label", ""], "'--label' names 1 to 36 labels"),
    ])
    func wrongUsageIsRefused(options: [String], message: String) throws {
        let result = try Program.run(pinson, ["feedback", "validate", "/nowhere", "-o", "/nowhere/v.csv"] + options)
        #expect(result.status == 2 && result.error.contains(message), "\(result.error)")
    }

    @Test func aFileThatDoesNotExistIsNamed() throws {
        let result = try Program.run(pinson, ["feedback", "validate", "/nowhere", "-o", "v.csv", "--annotator", "a"])
        #expect(
            result.status == 2 && result.error.contains("/nowhere: cannot be read: No such file"), "\(result.error)")
    }
}
