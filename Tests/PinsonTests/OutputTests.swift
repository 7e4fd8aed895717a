import Fixtures
import Foundation
import Testing

/// What happens when stdout does not take the output.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct OutputTests {
    /// Runs a shell command in which `pinson` is the program.
    private func shell(_ command: String, _ folder: URL) throws -> Program.Result {
        let script = """
            set -o pipefail
            pinson() { '\(Workplace.binary("pinson").path)' "$@"; }
            cd '\(folder.path)'; model='\(Images.model)'
            \(command)
            """
        return try Program.run(try #require(Program.find("bash")), ["-c", script])
    }

    @Test(arguments: [
        "pinson inspect $model", "pinson inspect $model --json", "pinson classify $model 'so good'",
        "pinson embed $model 'so good'", "pinson tokenize $model 'so good'",
        "pinson evaluate $model --data data.csv --json", "pinson bench $model --lengths 8 --runs 1",
        "pinson check $model --estimate --target railway --format json", "pinson targets", "pinson --help",
        "pinson image build --model $model -o -",
    ])
    func aFullDiskIsExitCodeThreeWithTheReason(command: String) throws {
        try Workplace.withFolder { folder in
            try Data("text,label\nlate flight,negative\n".utf8).write(to: folder.appendingPathComponent("data.csv"))
            let result = try shell("\(command) > /dev/full", folder)
            #expect(result.status == 3)
            #expect(
                result.error.contains("pinson: cannot write to stdout: No space left on device."), "\(result.error)")
        }
    }

    @Test func aReaderThatEndsEarlyIsNotAnError() throws {
        try Workplace.withFolder { folder in
            let lines = "text\n" + (0..<20_000).map { "late flight \($0)\n" }.joined()
            try Data(lines.utf8).write(to: folder.appendingPathComponent("data.csv"))
            let result = try shell("pinson classify $model --input data.csv --format jsonl | head -2", folder)
            #expect(result.status == 0)
            #expect(result.error.isEmpty, "\(result.error)")
            #expect(result.output.split(separator: "\n").count == 2)
        }
    }

    @Test func aVerdictStandsWhenTheReaderEndsBeforeTheOutput() throws {
        try Workplace.withFolder { folder in
            let check = "pinson check $model --estimate --budget compressed=1kB"
            let result = try shell("{ sleep 1; \(check); } | true", folder)
            #expect(result.status == 1)
            #expect(result.error.isEmpty, "\(result.error)")
        }
    }
}
