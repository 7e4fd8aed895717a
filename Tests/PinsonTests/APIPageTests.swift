import Fixtures
import Foundation
import Testing

/// The page about the API: its commands work as it says.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct APIPageTests {
    private func page() throws -> String {
        try String(contentsOf: Workplace.repository.appendingPathComponent("docs/api.md"), encoding: .utf8)
    }

    @Test func everyBlockOfCommandsWorks() throws {
        let shell = try #require(Program.find("bash"))
        let model = Workplace.repository.appendingPathComponent("function/model/model.gguf").path
        let blocks = try page().matches(of: /```sh\n(?<commands>[^`]*)```/).map { $0.commands.split(separator: "\n") }
        #expect(blocks.map(\.count) == [3, 1, 1])
        for block in blocks {
            let start = try #require(block.first)
            #expect(start.hasSuffix(" dist/function"))
            var environment = ["MODEL_PATH": model]
            for assignment in start.split(separator: " ").dropLast() {
                let parts = assignment.split(separator: "=", maxSplits: 1)
                environment[String(parts[0])] = String(parts[1])
            }
            try Workplace.withFolder { folder in
                let function = try FunctionProcess(environment, log: folder.appendingPathComponent("log"))
                for command in block.dropFirst() {
                    let line = command.replacing("curl ", with: "curl -sSf ")
                        .replacing("http://localhost:8080", with: "http://127.0.0.1:\(function.port)")
                    let result = try Program.run(shell, ["-c", String(line)])
                    #expect(result.status == 0 && result.output.hasPrefix("{"), "\(line)\n\(result.error)")
                }
                if environment["API_KEYS"] != nil {
                    #expect(try Client.request(port: function.port, "GET", "/operator").status == 401)
                }
                #expect(function.terminate() == 0)
                for line in function.lines { #expect(!line.contains("SECRET"), "the log has a key") }
            }
        }
    }

    @Test func thePageNamesTheSettingsOfTheFunction() throws {
        let help = try Program.run(Workplace.binary("function"), ["--help"]).output
        for name in ["API_KEYS", "CORS_ORIGINS", "RATE_LIMIT", "TRUSTED_PROXIES"] {
            #expect(try page().contains("`\(name)`") && help.contains("  \(name)"), "\(name)")
        }
    }
}
