import Fixtures
import Foundation
import Testing

/// Wrong usage of streams, and standard streams that are closed.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct StreamUsageTests {
    private func shell(_ command: String) throws -> Program.Result {
        let script = "pinson() { '\(Workplace.binary("pinson").path)' \"$@\"; }; model='\(Images.model)'; \(command)"
        return try Program.run(try #require(Program.find("bash")), ["-c", script])
    }

    @Test(arguments: [
        ("pinson classify $model a -", "Give either texts or - for standard input, not both."),
        ("pinson classify $model a --on-error skip", "'--lines' and '--on-error' need '--input <file>' or -."),
        ("pinson classify $model a --lines", "'--lines' and '--on-error' need '--input <file>' or -."),
        (
            "pinson classify $model - --lines --text-column a",
            "'--text-column' and '--label-column' cannot be used with '--lines'."
        ),
        ("pinson classify $model - --shard -o x", "'--shard' needs '--input <file>' and '--output <folder>'."),
        ("echo hello | pinson classify $model -", "If each line is one text, use '--lines'."),
        ("pinson classify $model - <&-", "pinson: standard input: cannot be read: it is closed."),
    ])
    func wrongUsageIsExitCodeTwoWithTheReason(command: String, message: String) throws {
        let result = try shell(command)
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.error.contains(message), "\(result.error)")
        #expect(!result.error.contains("NSCocoaErrorDomain"))
    }

    @Test func aMessageIsNeverWrittenIntoAFileThatGotTheNumberOfAClosedStream() throws {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("out.csv").path
            let result = try shell("pinson classify $model 'so good' --format csv -o \(file) 2>&- >&- <&-")
            #expect(result.status == 0)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.hasPrefix("text,label,score\nso good,positive,0."))
            #expect(text.split(separator: "\n").count == 2)
        }
    }

    @Test func aFolderThatCannotBeCreatedIsNamed() throws {
        let result = try shell(
            "echo text > /tmp/$$.csv; export CLOUD_RUN_TASK_INDEX=0 CLOUD_RUN_TASK_COUNT=1; "
                + "pinson classify $model --input /tmp/$$.csv --shard -o /etc/hostname/x; code=$?; rm /tmp/$$.csv; exit $code"
        )
        #expect(result.status == 2)
        #expect(
            result.error == "pinson: /etc/hostname/x: cannot create the folder: Not a directory. "
                + "A part of the path is a file, but it must be a folder; choose another path.\n")
    }

    @Test func wrongUsageThatIsFoundLateShowsTheUsageOfTheCommand() throws {
        for (command, name) in [
            ("pinson bench $model --lengths 4000", "pinson bench"),
            ("pinson evaluate $model --data /dev/null --map a", "pinson evaluate"),
            ("pinson image build --model $model -o - --add x", "pinson image build"),
        ] {
            let result = try shell(command)
            #expect(result.status == 2)
            #expect(result.error.contains("Usage: \(name) "), "\(result.error)")
            #expect(result.error.contains("See '\(name) --help' for more information."), "\(result.error)")
        }
    }
}
