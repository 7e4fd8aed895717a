import Fixtures
import Foundation
import Testing

/// The page about alerts: its command works, and its settings exist.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct AlertsPageTests {
    private func page() throws -> String {
        try String(contentsOf: Workplace.repository.appendingPathComponent("docs/alerts.md"), encoding: .utf8)
    }

    @Test("The command of the page sends a message through the channels that are set up")
    func theCommand() throws {
        let commands = try page().matches(of: /```sh\n(.*)\n```/).map { String($0.1) }
        #expect(commands == ["dist/pinson alerts test"])
        guard Python.interpreter != nil else { return }
        try Workplace.withFolder { folder in
            let server = try AlertServer("http", in: folder, ["200"])
            let shell = try #require(Program.find("bash"))
            let result = try Program.run(
                shell, ["-c", "cd '\(Workplace.repository.path)' && \(commands[0])"],
                environment: ["ALERT_WEBHOOK_URL": "http://127.0.0.1:\(server.port)/"])
            #expect(result.status == 0 && server.accepted.count == 1, "\(result.error)")
        }
    }

    @Test("Every setting of the page is one of the function")
    func settings() throws {
        let names = Set(try page().matches(of: /\b(?:ALERT|SMTP|ADMIN|SSL|DRIFT)_[A-Z_]+\b/).map { String($0.0) })
        let help = try Program.run(Workplace.binary("function"), ["--help"]).output
        for name in names { #expect(help.contains(name), "\(name)") }
        #expect(names.count >= 19)
    }
}
