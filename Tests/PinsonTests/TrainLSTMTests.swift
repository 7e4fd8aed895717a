import Fixtures
import Foundation
import Testing

/// `pinson train lstm`, and the packing of LSTMs of other libraries.
@Suite(
    "Recurrent networks from the command line", .serialized,
    .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct TrainLSTMTests {
    private func pinson(_ arguments: [String]) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    private func withData(classes: Int, _ body: (_ path: (String) -> String, _ arguments: [String]) throws -> Void)
        throws
    {
        try Workplace.withFolder { folder in
            func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
            try TrainTests.csv(600, classes: classes, seed: 1).write(
                toFile: path("data.csv"), atomically: true, encoding: .utf8)
            try TrainTests.csv(120, classes: classes, seed: 2).write(
                toFile: path("new.csv"), atomically: true, encoding: .utf8)
            try body(
                path,
                [
                    "train", "lstm", "--data", path("data.csv"), "--validation", path("new.csv"), "--units", "16",
                    "--dimensions", "12", "--learning-rate", "1e-2", "--batch-size", "16", "--dropout", "0.2",
                ])
        }
    }

    @Test("A network learns, and is used like every other model", arguments: [2, 3], ["max", "last"])
    func learns(classes: Int, pooling: String) throws {
        try withData(classes: classes) { path, arguments in
            let result = try pinson(
                arguments + [
                    "-o", path("m.gguf"), "--epochs", "6", "--pooling", pooling, "--json", "--report", path("r.html"),
                ])
            try #require(result.status == 0, "\(result.error)")
            #expect(result.error.contains("training a BiLSTM of 2 · 16 units, \(pooling), over 12 dimensions"))
            #expect(result.error.contains("epoch 6"))
            let told = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            let metrics = try #require(told["metrics"] as? [String: Any])
            let accuracy = try #require(metrics["accuracy"] as? Double)
            #expect(accuracy > 0.9, "the classes have words that tell them")
            #expect(
                try String(contentsOfFile: path("r.html"), encoding: .utf8).contains("Loss during the training"))

            let evaluated = try pinson(["evaluate", path("m.gguf"), "--data", path("new.csv"), "--json"])
            let found = try #require(
                JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
            #expect(((found["metrics"] as? [String: Any])?["accuracy"] as? Double) == accuracy)
            let explained = try pinson(["classify", path("m.gguf"), "--explain", "so good"])
            #expect(explained.status == 0, "\(explained.error)")
            let timed = try pinson(["bench", path("m.gguf"), "--runs", "1", "--json"])
            #expect(timed.status == 0 && timed.output.contains("\"64\"") && !timed.output.contains("\"128\""))
            let compared = try pinson(["compare", path("m.gguf"), path("m.gguf"), "--data", path("new.csv")])
            #expect(compared.status == 0, "\(compared.error)")
        }
    }

    @Test("A seed gives the same file on one and two threads, with everything that can be set")
    func options() throws {
        try withData(classes: 3) { path, arguments in
            let options = [
                "--epochs", "3", "--layers", "2", "--directions", "1", "--pooling", "mean", "--words", "40",
                "--min-texts", "3", "--max-tokens", "6", "--label-smoothing", "0.1", "--class-weight", "balanced",
                "--schedule", "cosine", "--warm-up", "0.2", "--weight-decay", "0.1", "--clip", "0.5", "--metric",
                "log-loss", "--patience", "1", "--preset", "plain", "--precision", "bfloat16", "--bits", "32",
                "--name", "same",
            ]
            let models = try [1, 2].map { threads in
                let output = path("\(threads).gguf")
                let result = try pinson(arguments + options + ["-o", output, "--threads", "\(threads)"])
                #expect(result.status == 0, "\(result.error)")
                return try Data(contentsOf: URL(fileURLWithPath: output))
            }
            #expect(models[0] == models[1])
        }
    }

    @Test("A teacher's scores are learned, also for texts without labels")
    func teacher() throws {
        try withData(classes: 2) { path, arguments in
            #expect(try pinson(["train", "logistic", "--data", path("data.csv"), "-o", path("t.gguf")]).status == 0)
            try ("text\n" + (0..<80).map { "so number \($0) good" }.joined(separator: "\n")).write(
                toFile: path("more.csv"), atomically: true, encoding: .utf8)
            let result = try pinson(
                arguments + [
                    "-o", path("m.gguf"), "--epochs", "2", "--teacher", path("t.gguf"), "--unlabelled",
                    path("more.csv"), "--json",
                ])
            try #require(result.status == 0, "\(result.error)")
            let told = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            #expect((told["texts"] as? Int ?? 0) > 650)
        }
    }

    @Test("Vectors of a file are tuned, or kept as they are", arguments: [[], ["--frozen"]])
    func vectors(options: [String]) throws {
        try withData(classes: 2) { path, arguments in
            let learned = try pinson([
                "train", "word2vec", "--data", path("data.csv"), "-o", path("v.txt"), "--dimensions", "12", "--epochs",
                "20", "--sample", "0",
            ])
            #expect(learned.status == 0, "\(learned.error)")
            // The file has its own number of dimensions.
            let own = arguments.filter { !["--dimensions", "12"].contains($0) }
            let result = try pinson(
                own + ["-o", path("m.gguf"), "--epochs", "6", "--vectors", path("v.txt"), "--json"] + options)
            try #require(result.status == 0, "\(result.error)")
            #expect(result.error.contains("v.txt: 12 dimensions; ") && result.error.contains("% of the texts"))
            #expect(result.error.contains("over 12 dimensions of"))
            let good = try pinson(["evaluate", path("m.gguf"), "--data", path("new.csv"), "--min-accuracy", "0.9"])
            #expect(good.status == 0, "\(good.error)")
        }
    }

    @Test("A training that SIGTERM stops goes on with the same command, and ends with the same file")
    func interrupted() throws {
        try withData(classes: 2) { path, arguments in
            let options = arguments + ["--epochs", "100", "--name", "same"]
            #expect(try pinson(options + ["-o", path("whole.gguf")]).status == 0)
            let interrupted = options + ["-o", path("m.gguf"), "--checkpoint-dir", path("state")]
            let errors = path("errors")
            try Data().write(to: URL(fileURLWithPath: errors))
            func said(_ text: String) -> Bool {
                (try? String(contentsOfFile: errors, encoding: .utf8))?.contains(text) == true
            }
            let log = try #require(FileHandle(forWritingAtPath: errors))
            let stopped = try FineTuneTests.kill(Workplace.binary("pinson"), interrupted, SIGTERM, stderr: log) {
                said("epoch 2")
            }
            #expect(stopped.terminationReason == .uncaughtSignal && stopped.terminationStatus == SIGTERM)
            #expect(said("stopped after step") && said("the same command goes on from"))
            let other = try pinson(interrupted + ["--units", "8"])
            #expect(other.status == 2 && other.error.contains("belongs to another training"), "\(other.error)")
            let end = try pinson(interrupted)
            #expect(end.status == 0 && end.error.contains("going on after step"), "\(end.error)")
            #expect(!FileManager.default.fileExists(atPath: path("state/training.safetensors")), "nobody needs it")
            let files = try ["whole.gguf", "m.gguf"].map { try Data(contentsOf: URL(fileURLWithPath: path($0))) }
            #expect(files[0] == files[1])
        }
    }

    @Test("Early stopping ends a training that does not get better")
    func patience() throws {
        try withData(classes: 2) { path, arguments in
            let result = try pinson(
                arguments + ["-o", path("m.gguf"), "--epochs", "200", "--patience", "2", "--json"])
            try #require(result.status == 0, "\(result.error)")
            let told = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            let (epochs, best) = ((told["epochs"] as? [Any])?.count ?? 0, told["bestEpoch"] as? Int ?? 0)
            #expect(epochs < 200 && epochs == best + 2)
        }
    }

    @Test(
        "Options that do not fit together are refused",
        arguments: [
            (["--frozen"], "'--frozen' needs '--vectors <file>'"),
            (["--vectors", "none.txt"], "Leave out '--dimensions'"),
            (["--temperature", "0"], "above 0"), (["--unlabelled", "none.csv"], "needs '--teacher <model.gguf>'"),
        ])
    func refusal(options: [String], message: String) throws {
        try withData(classes: 2) { path, arguments in
            let result = try pinson(arguments + ["-o", path("m.gguf")] + options)
            #expect(result.status == 2 && result.error.contains(message), "\(result.error)")
            #expect(!FileManager.default.fileExists(atPath: path("m.gguf")))
        }
    }

    @Test(
        "A value that is not possible is named",
        arguments: [
            ("--units", "0", "1 to 1024"), ("--layers", "9", "1 to 8"), ("--directions", "3", "1 or 2"),
            ("--dropout", "1", "0 to less than 0.95"), ("--max-tokens", "1", "2 to 2048"),
            ("--learning-rate", "0", "above 0 and at most 1"),
        ])
    func badValues(option: String, value: String, expected: String) throws {
        let result = try pinson(["train", "lstm", "--data", "a.csv", "-o", "m.gguf", option, value])
        #expect(result.status == 2 && result.error.contains("expected \(expected)"), "\(result.error)")
    }

    @Test(
        "LSTMs of Keras and PyTorch are compared with their library and packed",
        arguments: ["keras-padded", "torch-last"])
    func packs(name: String) throws {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("m.gguf").path
            let export = Workplace.repository.appendingPathComponent(
                "Tests/InferenceTests/Goldens/lstm/\(name).npz"
            ).path
            let result = try pinson(["pack", export, "-o", file, "--bits", "8"])
            #expect(result.status == 0, "\(result.error)")
            #expect(result.output.contains("BiLSTM") && result.output.contains("largest difference"))
            let inspected = try pinson(["inspect", file, "--verify"])
            #expect(inspected.status == 0 && inspected.output.contains("recurrent"), "\(inspected.output)")
        }
    }
}
