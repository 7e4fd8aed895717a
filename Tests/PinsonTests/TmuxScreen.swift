import Fixtures
import Foundation
import Glibc
import Testing

/// A terminal of a real size in which a program runs, as tmux has it.
final class TmuxScreen {
    static let program = Program.find("tmux")
    private let socket: String
    private let folder: URL
    private let server = Process()

    /// Opens a window, in which `command` runs in a shell; the shell stays when the command has ended.
    ///
    /// - Parameters:
    ///   - command: The command, for a shell.
    ///   - folder: A folder for the socket.
    ///   - columns: The number of columns.
    ///   - rows: The number of rows.
    /// - Throws: An error of Foundation if tmux cannot be started.
    init(_ command: String, in folder: URL, columns: Int, rows: Int) throws {
        (socket, self.folder) = (folder.appendingPathComponent("tmux.socket").path, folder)
        // A server that leaves for the background would keep open what this process waits for.
        server.executableURL = Self.program
        server.arguments = ["-u", "-D", "-S", socket, "-f", "/dev/null"]
        server.environment = Self.environment(folder)
        server.standardInput = FileHandle.nullDevice
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle.nullDevice
        try server.run()
        let end = Date(timeIntervalSinceNow: 30)
        while !FileManager.default.fileExists(atPath: socket), Date() < end { usleep(10_000) }
        let size = ["-x", "\(columns)", "-y", "\(rows)"]
        // Without a status line, the window has all rows.
        let status = ["set-option", "-g", "status", "off", ";"]
        try tmux(status + ["new-session", "-d"] + size + ["PS1='ready$ ' sh"])
        try type(command)
        try press("Enter")
    }

    /// Presses keys by the names that tmux has for them.
    func press(_ keys: String...) throws { try tmux(["send-keys"] + keys) }

    /// Types a text.
    func type(_ text: String) throws { try tmux(["send-keys", "-l", text]) }

    /// Changes the size of the window.
    func resize(columns: Int, rows: Int) throws { try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"]) }

    /// The lines that are shown now.
    func lines() throws -> [String] {
        try tmux(["capture-pane", "-p"]).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Waits until the screen contains a text, and returns the screen.
    @discardableResult
    func wait(for text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let end = Date(timeIntervalSinceNow: 30)
        var shown = ""
        while Date() < end {
            shown = try lines().joined(separator: "\n")
            if shown.contains(text) { return shown }
            usleep(20_000)
        }
        Issue.record("the screen does not show '\(text)':\n\(shown)", sourceLocation: sourceLocation)
        return shown
    }

    /// The identifiers of the processes that the shell has started.
    func children() throws -> [Int32] {
        let shell = try tmux(["list-panes", "-F", "#{pane_pid}"]).trimmingCharacters(in: .whitespacesAndNewlines)
        let list = "/proc/\(shell)/task/\(shell)/children"
        return ((try? String(contentsOfFile: list, encoding: .utf8)) ?? "").split(separator: " ").compactMap {
            Int32($0)
        }
    }

    @discardableResult
    private func tmux(_ arguments: [String]) throws -> String {
        let result = try Program.run(
            try #require(Self.program), ["-u", "-S", socket] + arguments, environment: Self.environment(folder))
        #expect(result.status == 0, "tmux \(arguments): \(result.error)")
        return result.output
    }

    private static func environment(_ folder: URL) -> [String: String] {
        ProcessInfo.processInfo.environment.merging(["TMUX": "", "LC_ALL": "C.UTF-8", "TMPDIR": folder.path]) { $1 }
    }

    deinit {
        _ = try? tmux(["kill-server"])
        // A thread of the tests may block the signal to end, and then so does what it starts.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
    }
}
