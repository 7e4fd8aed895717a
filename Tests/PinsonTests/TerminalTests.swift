import Fixtures
import Foundation
import Testing

/// What `check` writes to a terminal.
@Suite(
    .enabled(if: Workplace.hasBinaries && Python.has("pty"), "needs the binaries of `make build`, and Python"))
struct TerminalTests {
    /// The output of `check` on a terminal with the given number of columns.
    private func check(_ environment: [String: String], columns: Int = 90, isTerminal: Bool = true) throws -> String {
        let script = """
            import fcntl, os, pty, struct, subprocess, sys, termios
            columns, terminal, settings, command = int(sys.argv[1]), sys.argv[2] == "1", sys.argv[3].split(","), sys.argv[4:]
            environment = dict(s.split("=", 1) for s in settings if s)
            if not terminal:
                sys.stdout.write(subprocess.run(command, env=environment, capture_output=True, text=True).stdout); sys.exit()
            ours, theirs = pty.openpty()
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
            process = subprocess.Popen(command, env=environment, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL)
            os.close(theirs)
            text = b""
            try:
                while data := os.read(ours, 65536): text += data
            except OSError: pass
            process.wait()
            sys.stdout.write(text.decode().replace("\\r\\n", "\\n"))
            """
        return try Python.run(
            script, "\(columns)", isTerminal ? "1" : "0",
            environment.map { "\($0.key)=\($0.value)" }.joined(separator: ","), Workplace.binary("pinson").path,
            "check",
            Images.model, "--estimate", "--budget", "unpacked=30MB,compressed=1GB", "--target", "railway")
    }

    @Test(arguments: [
        (["TERM": "xterm"], true, true), (["TERM": "xterm", "NO_COLOR": "1"], true, false),
        (["TERM": "xterm", "NO_COLOR": ""], true, true), (["TERM": "dumb"], true, false), ([:], true, false),
        (["TERM": "xterm", "CLICOLOR": "0"], true, false), (["TERM": "xterm"], false, false),
        (["CLICOLOR_FORCE": "1"], false, true), (["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false, false),
    ])
    func coloursAreWrittenWhereTheyAreWanted(environment: [String: String], isTerminal: Bool, isColoured: Bool) throws {
        let text = try check(environment, isTerminal: isTerminal)
        #expect(text.contains("unpacked size"), "\(text)")
        #expect(text.contains("\u{1B}[31mFAIL") == isColoured, "\(text)")
        #expect(text.contains("\u{1B}") == isColoured)
    }

    @Test(arguments: [34, 60, 100, 160])
    func noLineIsLongerThanTheTerminalIsWide(columns: Int) throws {
        let text = try check(["TERM": "dumb"], columns: columns)
        for line in text.split(separator: "\n") where line.split(separator: " ").allSatisfy({ $0.count < columns - 8 })
        {
            #expect(line.count <= columns, "\(line)")
        }
        #expect(text.contains("█") == (columns >= 100))
    }
}
