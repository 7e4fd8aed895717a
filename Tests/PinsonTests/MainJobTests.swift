import Fixtures
import Foundation
import Testing

/// From a checkpoint to an answered request, with the binaries that are deployed.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct MainJobTests {
    @Test func aCheckpointBecomesAnAnsweredRequest() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(.distilbert, in: folder.appendingPathComponent("tiny"))
            let model = folder.appendingPathComponent("model.gguf").path
            let pinson = Workplace.binary("pinson")
            #expect(
                try Program.run(pinson, ["pack", checkpoint.folder.path, "-o", model, "--max-tokens", "64"]).status == 0
            )
            #expect(try Program.run(pinson, ["inspect", model, "--verify"]).status == 0)
            let data = folder.appendingPathComponent("slice.csv")
            try Data("label,text\nnegative,late flight\npositive,great crew\n".utf8).write(to: data)
            #expect(try Program.run(pinson, ["evaluate", model, "--data", data.path]).status == 0)
            let told = try Program.run(pinson, ["classify", model, "late flight", "--format", "jsonl"]).output

            let function = try FunctionProcess(["MODEL_PATH": model], log: folder.appendingPathComponent("log"))
            let answer = try Client.request(port: function.port, "POST", "/predict", body: #"{"text":"late flight"}"#)
            #expect(answer.status == 200)
            let line = try #require(JSONSerialization.jsonObject(with: Data(told.utf8)) as? [String: Any])
            #expect(try answer.json()["scores"] as? [String: Double] == line["scores"] as? [String: Double])
            #expect(function.terminate() == 0)
            #expect(function.lines.last?.contains("\"message\":\"stopped\"") == true)
            for line in function.lines {
                #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) is [String: Any])
            }
        }
    }

    @Test func theEmbeddedModelIsServedWithoutASetting() throws {
        try Workplace.withFolder { folder in
            let function = try FunctionProcess([:], log: folder.appendingPathComponent("log"))
            let bad = try Client.request(
                port: function.port, "POST", "/predict", body: #"{"text":"Worst flight ever, nobody helped"}"#
            ).json()
            let good = try Client.request(
                port: function.port, "POST", "/predict", body: #"{"text":"I love this friendly crew!"}"#
            ).json()
            #expect(bad["label"] as? String == "negative")
            #expect(good["label"] as? String == "positive")
            #expect(bad["model"] as? String == "minilm-sentiment140")
            #expect(function.terminate() == 0)
        }
    }

    @Test(arguments: [
        (["MODEL_PATH": "/nowhere.gguf"], "/nowhere.gguf: cannot open the model file"),
        (["PORT": "x"], "The environment variable PORT is 'x'"),
        (
            ["HOST": "x"],
            "The environment variable HOST is 'x', expected an IP address such as 0.0.0.0, 127.0.0.1 or ::."
        ),
        (["PINSON_ISA": "x"], "PINSON_ISA is 'x'"), (["CONCURRENCY": "-1"], "CONCURRENCY is '-1'"),
    ])
    func aFunctionThatCannotStartLogsTheReason(environment: [String: String], message: String) throws {
        let result = try Program.run(
            Workplace.binary("function"), [], environment: environment.merging(["PORT": "0"]) { old, _ in old })
        #expect(result.status == 2)
        let line = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(line["severity"] as? String == "CRITICAL")
        #expect((line["message"] as? String)?.contains(message) == true)
    }

    /// The port is not valid, so that a function that ignores its arguments does not start to serve.
    @Test func theFunctionPrintsItsHelpAndItsVersionAndRefusesOtherArguments() throws {
        let program = Workplace.binary("function")
        let help = try Program.run(program, ["--help"], environment: ["PORT": "x"])
        #expect(help.status == 0)
        #expect(help.output.hasPrefix("Usage: function "))
        #expect(help.error.isEmpty)
        let version = try Program.run(program, ["--version"], environment: ["PORT": "x"])
        #expect(version.status == 0)
        #expect(try version.output == Program.run(Workplace.binary("pinson"), ["--version"]).output)
        let wrong = try Program.run(program, ["--port", "80"], environment: ["PORT": "x"])
        #expect(wrong.status == 2)
        #expect(wrong.output.isEmpty)
        #expect(wrong.error.hasPrefix("The function got 2 arguments, expected --help, --version or nothing"))
    }

    private static let emulator = Program.find("qemu-x86_64", "qemu-x86_64-static")

    @Test(.enabled(if: emulator != nil, "needs qemu-user"))
    func aProcessorWithoutAVXClassifiesATweet() throws {
        let emulator = try #require(Self.emulator)
        let model = Workplace.repository.appendingPathComponent("function/model/model.gguf").path
        let arguments = ["classify", model, "Worst flight ever, nobody helped", "--format", "jsonl"]
        let emulated = try Program.run(emulator, ["-cpu", "Westmere", Workplace.binary("pinson").path] + arguments)
        #expect(emulated.status == 0, "\(emulated.error)")
        #expect(emulated.output.contains("\"label\":\"negative\""))
        #expect(try emulated.output == Program.run(Workplace.binary("pinson"), arguments).output)  // to the last bit
    }
}
