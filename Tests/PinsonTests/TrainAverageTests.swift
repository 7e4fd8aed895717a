import Fixtures
import Foundation
import Testing

/// `train average`, `train word2vec` and `vectors`, from texts to answers.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct TrainAverageTests {
    private func pinson(_ arguments: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    private func withData<R>(classes: Int, _ body: (_ data: String, _ folder: URL) throws -> R) throws -> R {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            try TrainTests.csv(600, classes: classes, seed: 5).write(toFile: data, atomically: true, encoding: .utf8)
            return try body(data, folder)
        }
    }

    @Test(
        "A bag of vectors is trained, served and explained", arguments: [2, 3],
        [[], ["--hash-bits", "12"], ["--dimensions", "2"], ["--ngrams", "token:1-1", "--ngrams", "character:3-4"]])
    func average(classes: Int, options: [String]) throws {
        try withData(classes: classes) { data, folder in
            let model = folder.appendingPathComponent("model.gguf").path
            let trained = try Program.run(
                Workplace.binary("pinson"),
                ["train", "average", "--data", data, "-o", model] + options)
            #expect(trained.status == 0, "\(trained.error)")
            #expect(try pinson("evaluate", model, "--data", data, "--min-accuracy", "0.95").status == 0)
            #expect(try pinson("inspect", model, "--verify").status == 0)
            let line = try pinson("classify", model, "The AWFUL crew", "--explain", "--format", "jsonl").output
            let answer = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(answer["label"] as? String == "negative")
            let explanation = try #require(answer["explanation"] as? [String: Any])
            let parts = explanation["parts"] as? [[String: Any]] ?? []
            let sum = parts.reduce(explanation["bias"] as? Double ?? 0) { $0 + ($1["contribution"] as? Double ?? 0) }
            #expect(abs(sum - (explanation["logit"] as? Double ?? .nan)) < 1e-4)
            #expect(explanation["method"] as? String == "terms" && parts.contains { $0["text"] as? String == "awful" })
            let function = try FunctionProcess(["MODEL_PATH": model], log: folder.appendingPathComponent("log"))
            let served = try Client.request(
                port: function.port, "POST", "/predict", body: #"{"text":"The AWFUL crew"}"#)
            #expect(try served.json()["scores"] as? [String: Double] == answer["scores"] as? [String: Double])
            #expect(function.terminate() == 0)
        }
    }

    @Test("The same seed gives the same file, and a limit on its size is kept")
    func files() throws {
        try withData(classes: 2) { data, folder in
            let paths = ["a", "b", "c"].map { folder.appendingPathComponent("\($0).gguf").path }
            for path in paths[..<2] {
                #expect(try pinson("train", "average", "--data", data, "-o", path, "--name", "m").status == 0)
            }
            let files = try paths[..<2].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
            #expect(files[0] == files[1])
            let small = try pinson("train", "average", "--data", data, "-o", paths[2], "--max-bytes", "14KB", "--json")
            #expect(small.status == 0, "\(small.error)")
            let result = try #require(JSONSerialization.jsonObject(with: Data(small.output.utf8)) as? [String: Any])
            #expect((result["bytes"] as? Int ?? .max) <= 14_000 && (result["features"] as? Int ?? 0) > 100)
            #expect((result["features"] as? Int ?? .max) < 700)
        }
    }

    @Test("Word vectors are learned, searched, and made into a classifier", arguments: ["text", "binary", "glove"])
    func vectors(format: String) throws {
        try withData(classes: 2) { data, folder in
            let file = folder.appendingPathComponent("vectors").path
            let model = folder.appendingPathComponent("model.gguf").path
            let learned = try pinson(
                "train", "word2vec", "--data", data, "-o", file, "--format", format, "--dimensions", "12", "--epochs",
                "20", "--architecture", "skip-gram", "--sample", "0")
            #expect(learned.status == 0 && learned.output.contains("12 dimensions"), "\(learned.error)")
            let near = try pinson("vectors", "neighbours", file, "crew", "flight", "--count", "3", "--json")
            let words = try #require(JSONSerialization.jsonObject(with: Data(near.output.utf8)) as? [[String: Any]])
            #expect(words.count == 3 && !words.contains { ["crew", "flight"].contains($0["word"] as? String) })
            let analogy = try pinson("vectors", "analogy", file, "awful", "great", "worst", "--count", "2")
            #expect(analogy.status == 0 && analogy.output.split(separator: "\n").count == 2, "\(analogy.error)")
            let missing = try pinson("vectors", "neighbours", file, "nowhere")
            #expect(missing.status == 2 && missing.error.contains("no vector for the word 'nowhere'"))

            // Vectors that know nothing about labels say little about them as long as they stay as they are.
            for (options, least) in [([], "0.9"), (["--frozen"], "0.55")] as [([String], String)] {
                let trained = try Program.run(
                    Workplace.binary("pinson"),
                    ["train", "average", "--data", data, "-o", model, "--vectors", file] + options)
                #expect(trained.status == 0, "\(trained.error)")
                #expect(trained.error.contains("12 dimensions; ") && trained.error.contains("100.0 % of the texts"))
                #expect(try pinson("evaluate", model, "--data", data, "--min-accuracy", least).status == 0)
            }
        }
    }

    @Test("A bag of vectors can be a member of an ensemble")
    func ensemble() throws {
        try withData(classes: 3) { data, folder in
            let model = folder.appendingPathComponent("model.gguf").path
            let trained = try pinson(
                "train", "ensemble", "--members", "bayes", "--members", "average", "--epochs", "20", "--data", data,
                "-o",
                model)
            #expect(trained.status == 0, "\(trained.error)")
            #expect(try pinson("evaluate", model, "--data", data, "--min-accuracy", "0.95").status == 0)
        }
    }

    @Test(
        "Options that cannot be meant are refused with what to do",
        arguments: [
            (["--frozen"], "'--frozen' needs '--vectors <file>'"), (["--dimensions", "0"], "expected 1 to 1024"),
            (["--vectors", "none.txt"], "none.txt: cannot be read"),
            (["--vectors", "none.txt", "--ngrams", "character:2-3"], "the first '--ngrams' are those of words"),
            (["--vectors", "none.txt", "--dimensions", "9"], "Leave out '--dimensions'"),
            (["--learning-rate", "90", "--epochs", "100"], "Give a smaller '--learning-rate'"),
        ] as [([String], String)])
    func refusal(options: [String], message: String) throws {
        try withData(classes: 2) { data, folder in
            let model = folder.appendingPathComponent("model.gguf").path
            let result = try Program.run(
                Workplace.binary("pinson"), ["train", "average", "--data", data, "-o", model] + options)
            #expect(result.status == 2 && result.error.contains(message), "\(result.error)")
            #expect(!FileManager.default.fileExists(atPath: model))
        }
    }
}
