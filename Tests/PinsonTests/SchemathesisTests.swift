import Fixtures
import Foundation
import Testing

private let schemathesis = Workplace.repository.appendingPathComponent(".build-tools/schemathesis/bin/st")

/// Requests that a program makes from `openapi.json`, valid ones and others, and answers that have to be as it says.
///
/// SCHEMATHESIS_EXAMPLES=300 sends more than 20,000 requests.
@Suite(
    .enabled(
        if: Workplace.hasBinaries && FileManager.default.isExecutableFile(atPath: schemathesis.path),
        "needs the binaries of `make build`, and schemathesis, which `make test-tools` installs"))
struct SchemathesisTests {
    @Test func everyAnswerIsAsTheDescriptionSays() throws {
        let examples = ProcessInfo.processInfo.environment["SCHEMATHESIS_EXAMPLES"] ?? "10"
        try Workplace.withFolder { folder in
            let (data, model) = (folder.appendingPathComponent("a.csv"), folder.appendingPathComponent("a.gguf"))
            try Data(TrainTests.csv(400, classes: 2, seed: 1).utf8).write(to: data)
            let training = try Program.run(
                Workplace.binary("pinson"), ["train", "logistic", "--data", data.path, "-o", model.path])
            try #require(training.status == 0, "\(training.error)")
            let reports = folder.appendingPathComponent("reports")
            try FileManager.default.createDirectory(at: reports, withIntermediateDirectories: true)
            let function = try FunctionProcess(
                [
                    "MODEL_PATH": model.path, "FEEDBACK_DIR": reports.path, "API_KEYS": "secret",
                    "LOG_LEVEL": "critical",
                ], log: folder.appendingPathComponent("log"))
            defer { _ = function.terminate() }
            let settings = Workplace.repository.appendingPathComponent("Tests/PinsonTests/schemathesis.toml").path
            // It keeps what it has sent in the folder in which it runs.
            let result = try Program.run(
                URL(fileURLWithPath: "/bin/sh"),
                [
                    "-c", "cd \"$0\" && exec \"$@\"", folder.path, schemathesis.path, "--config-file", settings, "run",
                    "http://127.0.0.1:\(function.port)/openapi.json",
                    "--header", "Authorization: Bearer secret", "--checks", "all", "--max-examples", examples,
                    "--seed", "7", "--no-color",
                ])
            #expect(result.status == 0, "\(result.output)\(result.error)")
            #expect(result.output.contains("Tested: 19"), "\(result.output)")
        }
    }
}
