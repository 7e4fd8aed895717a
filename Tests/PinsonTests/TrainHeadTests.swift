import Fixtures
import Foundation
import Testing

/// `pinson train head`, with tiny checkpoints as encoders.
@Suite(
    "Heads from the command line", .serialized,
    .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct TrainHeadTests {
    private func pinson(_ arguments: [String]) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    private func trained(_ result: Program.Result) throws -> (accuracy: Double, told: [String: Any]) {
        try #require(result.status == 0, "\(result.error)")
        let told = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        return (try #require((told["metrics"] as? [String: Any])?["accuracy"] as? Double), told)
    }

    private func arguments(_ place: FineTuneTests.Place, _ encoder: String, _ more: [String] = []) -> [String] {
        [
            "train", "head", "--encoder", place.path(encoder), "--data", place.path("data.csv"), "--validation",
            place.path("new.csv"), "-o", place.path("m.gguf"), "--json",
        ] + more
    }

    @Test("A head learns on every kind of encoder, and the function serves it", arguments: ["none", "tanh", "relu"])
    func learns(hidden: String) throws {
        try Workplace.withFolder { folder in
            let place = try FineTuneTests.Place(folder, .encoder, texts: 600)
            let options = ["--hidden", hidden, "--cache", place.path("cache")]
            let first = try pinson(arguments(place, "base", options))
            let accuracy = try trained(first).accuracy
            #expect(accuracy > 0.5, "\(accuracy) of three classes, on an encoder with random weights")
            let bytes = try Data(contentsOf: URL(fileURLWithPath: place.path("m.gguf")))
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.path("cache")).count == 2)
            let again = try pinson(arguments(place, "base", options))
            #expect(again.error.contains("has computed before"))
            #expect(try trained(again).accuracy == trained(first).accuracy)
            #expect(try Data(contentsOf: URL(fileURLWithPath: place.path("m.gguf"))) == bytes)

            #expect(try pinson(["inspect", place.path("m.gguf"), "--verify"]).status == 0)
            let told = try pinson(["classify", place.path("m.gguf"), "late crew", "--format", "jsonl"]).output
            let line = try #require(JSONSerialization.jsonObject(with: Data(told.utf8)) as? [String: Any])
            let function = try FunctionProcess(
                ["MODEL_PATH": place.path("m.gguf")], log: folder.appendingPathComponent("log"))
            let answer = try Client.request(port: function.port, "POST", "/predict", body: #"{"text":"late crew"}"#)
            #expect(try answer.json()["scores"] as? [String: Double] == line["scores"] as? [String: Double])
            #expect(function.terminate() == 0)
        }
    }

    @Test("The head of a classifier can be replaced, with other labels and with a teacher")
    func replaced() throws {
        try Workplace.withFolder { folder in
            let place = try FineTuneTests.Place(folder, .distilbert, texts: 400)
            let packed = place.path("old.gguf")
            #expect(try pinson(["pack", place.path("base"), "-o", packed, "--max-tokens", "48"]).status == 0)
            #expect(
                try pinson(["train", "logistic", "--data", place.path("data.csv"), "-o", place.path("t.gguf")]).status
                    == 0)
            let result = try pinson(arguments(place, "old.gguf", ["--teacher", place.path("t.gguf"), "--c", "10"]))
            let found = try trained(result)
            #expect(found.accuracy > 0.6 && found.told["approach"] as? String == "head: logistic, C 10.0")
        }
    }

    @Test("Pairs of texts tune the encoder, which is written as a folder")
    func contrastive() throws {
        try Workplace.withFolder { folder in
            let place = try FineTuneTests.Place(folder, .encoder, texts: 90)
            let options = ["--contrastive", "--pairs", "8", "--learning-rate", "1e-3", "--save", place.path("tuned")]
            let result = try pinson(arguments(place, "base", options))
            let tuned = try trained(result)
            let line = try #require(result.error.firstMatch(of: /pairs ([0-9.]+) in .* ([0-9.]+) in the last/))
            #expect(try #require(Double(line.2)) < #require(Double(line.1)), "\(line.0)")
            let again = try trained(pinson(arguments(place, "tuned")))
            #expect(again.accuracy == tuned.accuracy, "the folder is the same encoder")
        }
    }

    @Test(
        "Wrong options are refused with what was expected",
        arguments: [
            (["--contrastive"], "needs the folder of a checkpoint"),
            (["--bits", "4"], "need the folder of a checkpoint"),
            (["--c", "0"], "a number above 0"), (["--hidden", "tanh", "--c", "1"], "for a logistic regression"),
            (["--pairs", "0"], "1 to 1000"),
        ] as [([String], String)])
    func usage(options: [String], expected: String) throws {
        try Workplace.withFolder { folder in
            let place = try FineTuneTests.Place(folder, .bert)
            let packed = try pinson(["pack", place.path("base"), "-o", place.path("e.gguf"), "--max-tokens", "32"])
            #expect(packed.status == 0)
            let result = try pinson(arguments(place, "e.gguf", options))
            #expect(result.status == 2 && result.error.contains(expected), "\(result.error)")
        }
    }
}
