import Fixtures
import Foundation
import Glibc
import Testing

/// The screen of `feedback validate`, driven in a real terminal.
@Suite(
    .serialized,
    .enabled(if: Workplace.hasBinaries && TmuxScreen.program != nil, "needs the binaries of `make build`, and tmux"))
struct ValidateScreenTests {
    private static let texts = [
        "late again, thanks @airline", "late again, thanks @other", "I love the crew", "日本語のツイート 😀👩‍👩‍👧 fini",
        "\u{1B}[2J\u{1B}]0;owned\u{7} evil \u{202E}txet", "fine", "so good", "lost my bag",
        "a long one: " + (0..<400).map { "w\($0)" }.joined(separator: " "), "last",
    ]

    /// Reports as `feedback export` writes them.
    private static func reports() throws -> Data {
        let lines = try texts.enumerated().map { index, text in
            let report: [String: Any] = [
                "id": String(repeating: "0", count: 31) + String(index, radix: 16), "text": text,
                "time": "2026-11-24T16:20:0\(index).000Z", "predicted_label": "positive",
                "score": 0.5 + Double(index) / 100, "expected_label": "negative", "comment": "wrong",
            ]
            return try JSONSerialization.data(withJSONObject: report) + Data("\n".utf8)
        }
        return lines.reduce(Data(), +)
    }

    private func with(_ body: (URL, String) throws -> Void) throws {
        try Workplace.withFolder { folder in
            try Self.reports().write(to: folder.appendingPathComponent("reports.jsonl"))
            let program = Workplace.binary("pinson").path
            try body(
                folder,
                "cd '\(folder.path)' && '\(program)' feedback validate reports.jsonl -o v.csv --annotator ana"
                    + " --model '\(Images.model)'")
        }
    }

    @Test func withoutATerminalNothingIsDrawnAndOtherWaysAreNamed() throws {
        try with { _, command in
            let result = try Program.run(URL(fileURLWithPath: "/bin/sh"), ["-c", command])
            #expect(result.status == 2 && result.output == "")
            #expect(result.error.contains("--web") && result.error.contains("--to-sheet"))
        }
    }

    private func table(_ folder: URL) throws -> [String] {
        try String(contentsOf: folder.appendingPathComponent("v.csv"), encoding: .utf8).split(separator: "\n")
            .map(String.init)
    }

    @Test(arguments: [(80, 24), (200, 60)])
    func everythingThatAPersonNeedsIsShownAndEachKeyWorks(columns: Int, rows: Int) throws {
        try with { folder, command in
            let screen = try TmuxScreen(command, in: folder, columns: columns, rows: rows)
            let first = try screen.wait(for: "0 of 10 done")
            #expect(first.contains(String(repeating: "─", count: columns)), "a line has all columns")
            for text in ["Report 1 of 10", "User", "negative", "“wrong”", "Model now", "Why the model says so"] {
                #expect(first.contains(text), "\(text):\n\(first)")
            }
            let keys = ["confirms negative", "1 negative", "2/p positive", "u undo", "s skip", "x reject", "n note"]
            for text in keys + ["/ search", "← previous", "→ next", "↓ scroll down", "q/Ctrl-C quit"] {
                #expect(first.contains(text), "\(text):\n\(first)")
            }
            try screen.press("/")
            try screen.wait(for: "Search:")
            try screen.type("late again")
            try screen.press("Enter")
            #expect(try screen.wait(for: "contains 'late again'").contains("Similar reports"))
            try screen.press("Enter")
            try screen.wait(for: "1 of 10 done")
            try screen.press("p")
            try screen.wait(for: "2 of 10 done")
            try screen.press("u")
            try screen.wait(for: "taken back")
            try screen.press("n")
            try screen.type("ironie, été")
            #expect(try screen.wait(for: "Note: ironie, été").contains("Enter saves the note"))
            try screen.press("Enter")
            try screen.wait(for: "The note was saved.")
            try screen.press("s")
            try screen.wait(for: "skipped")
            try screen.press("C-c")
            try screen.wait(for: "1 validated (negative 1), 1 skipped")
            #expect(try table(folder).count == 2)
        }
    }

    @Test(arguments: [SIGKILL, SIGTERM, SIGSEGV, SIGHUP])
    func whateverEndsItNothingIsLostAndTheSameCommandContinues(signal: Int32) throws {
        try with { folder, command in
            let screen = try TmuxScreen(command, in: folder, columns: 80, rows: 24)
            try screen.wait(for: "0 of 10 done")
            for done in 1...4 {
                try screen.press(done % 2 == 0 ? "2" : "1")
                try screen.wait(for: "\(done) of 10 done")
            }
            let program = try #require(try screen.children().first)
            #expect(kill(program, signal) == 0)
            let end = Date(timeIntervalSinceNow: 30)
            while kill(program, 0) == 0, Date() < end { usleep(10_000) }
            // A killed program leaves its terminal as it is; after any other signal, the shell is as it was.
            if signal == SIGKILL {
                try screen.type("stty sane; printf '\\033[?1049l\\033[?7h\\033[?2004l'")
                try screen.press("C-j")
            }
            try screen.type("echo back | tr a-z A-Z")
            try screen.press("Enter")
            try screen.wait(for: "BACK")
            try screen.type(command)
            try screen.press("Enter")
            try screen.wait(for: "4 of 10 done")
            try screen.press("1")
            try screen.wait(for: "5 of 10 done")
            try screen.press("q")
            try screen.wait(for: "5 validated (negative 3, positive 2)")
            #expect(try table(folder).count == 6)
        }
    }

    @Test func theWindowMayChangeItsSizeAndSaysWhenItIsTooSmall() throws {
        try with { folder, command in
            let screen = try TmuxScreen(command, in: folder, columns: 200, rows: 60)
            try screen.wait(for: "0 of 10 done")
            try screen.resize(columns: 40, rows: 10)
            try screen.wait(for: "40 × 10")
            try screen.press("1", "2", "s")
            try screen.resize(columns: 80, rows: 24)
            try screen.wait(for: "0 of 10 done")
            try screen.press("q")
            try screen.wait(for: "0 validated")
        }
    }

    @Test func aTweetCannotControlTheTerminal() throws {
        try with { folder, command in
            let screen = try TmuxScreen(command, in: folder, columns: 80, rows: 24)
            try screen.wait(for: "0 of 10 done")
            try screen.press("/")
            try screen.type("owned")
            try screen.press("Enter")
            let shown = try screen.wait(for: "<U+001B>[2J<U+001B>]0;owned<U+0007> evil <U+202E>txet")
            #expect(shown.contains("Validation of reports"))
            try screen.press("/")
            try screen.type("fini")
            try screen.press("Enter")
            try screen.wait(for: "日本語のツイート 😀")
            try screen.press("q")
            try screen.wait(for: "0 validated")
        }
    }

    @Test func withoutATerminalTheErrorNamesTheOtherWays() throws {
        try with { folder, command in
            let result = try Program.run(URL(fileURLWithPath: "/bin/sh"), ["-c", command])
            #expect(result.status == 2 && result.error.contains("--to-sheet"), "\(result.error)")
        }
    }
}
