import ModelFile
import Testing

@testable import function

@Suite struct ArgumentsTests {
    @Test func withoutArgumentsTheModelIsServed() throws {
        #expect(try Arguments([]) == .serve)
    }

    @Test func theVersionIsPrinted() throws {
        #expect(try Arguments(["--version"]) == .print("\(pinsonVersion)\n"))
    }

    @Test func theHelpNamesTheSettings() throws {
        guard case .print(let help) = try Arguments(["--help"]) else { Issue.record("no help"); return }
        #expect(try Arguments(["-h"]) == .print(help))
        for name in [
            "FEEDBACK_DIR", "API_KEYS", "CORS_ORIGINS", "RATE_LIMIT", "TRUSTED_PROXIES", "PORT", "HOST", "MODEL_PATH",
            "CONCURRENCY", "THREADS", "QUEUE_LIMIT",
            "LOG_LEVEL", "LOG_TEXT",
            "GOOGLE_CLOUD_PROJECT", "AWS_LAMBDA_RUNTIME_API", "PINSON_ISA",
        ] {
            #expect(help.contains("  \(name) ") || help.contains("  \(name)\n"), "\(name)")
        }
        for line in help.split(separator: "\n") { #expect(line.count <= 100) }
    }

    @Test(arguments: [
        (["serve"], "'serve'"), (["--port", "1"], "2 arguments"), (["--help", "--version"], "2 arguments"),
        ([""], "''"),
    ])
    func anyOtherArgumentIsAnError(arguments: [String], found: String) {
        let error = #expect(throws: ArgumentError.self) { try Arguments(arguments) }
        #expect(
            error?.description
                == "The function got \(found), expected --help, --version or nothing; "
                + "its settings are environment variables.")
    }
}
