import Fixtures
import Foundation
import Testing

/// `train`, from a file of made-up texts to a model that is served.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct TrainTests {
    private static let words = [
        "late", "flight", "crew", "gate", "bag", "seat", "plane", "the", "my", "our", "to", "Été",
    ]
    private static let telling = [
        ["awful", "worst", "never"], ["great", "love", "thanks"], ["maybe", "somehow", "whatever"],
    ]

    /// Rows of a CSV file: each text has one or two words that tell its class, and others.
    static func csv(_ count: Int, classes: Int, seed: UInt64) -> String {
        var random = Seeded(seed)
        let names = ["negative", "positive", "neutral"]
        return (0..<count).reduce(into: "text,label\n") { text, index in
            let label = index % classes
            var parts = (0..<Int.random(in: 3...9, using: &random)).map { _ in words.randomElement(using: &random) ?? ""
            }
            parts.insert(
                telling[label].randomElement(using: &random) ?? "", at: Int.random(in: 0...parts.count, using: &random))
            text += "\"\(parts.joined(separator: " "))\",\(names[label])\n"
        }
    }

    private func pinson(_ arguments: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    @Test(arguments: ["logistic", "svm", "bayes", "forest", "ensemble"], [2, 3])
    func aModelIsTrainedAndGivesTheSameAnswersWhereverItIsUsed(approach: String, classes: Int) throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            try Self.csv(600, classes: classes, seed: 5).write(toFile: data, atomically: true, encoding: .utf8)
            let trained = try pinson("train", approach, "--data", data, "-o", model, "--json")
            #expect(trained.status == 0, "\(trained.error)")
            let result = try #require(
                JSONSerialization.jsonObject(with: Data(trained.output.utf8)) as? [String: Any])
            let metrics = try #require(result["metrics"] as? [String: Any])
            #expect((metrics["accuracy"] as? Double ?? 0) > 0.95)

            #expect(try pinson("inspect", model, "--verify").status == 0)
            let told = try pinson("classify", model, "The AWFUL crew", "--format", "jsonl").output
            let line = try #require(JSONSerialization.jsonObject(with: Data(told.utf8)) as? [String: Any])
            #expect(line["label"] as? String == "negative")
            let function = try FunctionProcess(["MODEL_PATH": model], log: folder.appendingPathComponent("log"))
            let answer = try Client.request(
                port: function.port, "POST", "/predict", body: #"{"text":"The AWFUL crew"}"#)
            #expect(try answer.json()["scores"] as? [String: Double] == line["scores"] as? [String: Double])
            #expect(function.terminate() == 0)
        }
    }

    @Test(arguments: ["mean", "vote", "stack"])
    func membersOfAnEnsembleAreTrainedTogether(combination: String) throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            try Self.csv(400, classes: 3, seed: 6).write(toFile: data, atomically: true, encoding: .utf8)
            let trained = try pinson(
                "train", "ensemble", "--members", "bayes", "--members", "forest", "--trees", "20", "--combine",
                combination, "--data", data, "-o", model, "--json")
            #expect(trained.status == 0, "\(trained.error)")
            let result = try #require(
                JSONSerialization.jsonObject(with: Data(trained.output.utf8)) as? [String: Any])
            #expect((result["approach"] as? String)?.hasPrefix("\(combination) of bayes ") == true)
            let metrics = try #require(result["metrics"] as? [String: Any])
            #expect((metrics["accuracy"] as? Double ?? 0) > 0.9)
            #expect(try pinson("inspect", model).output.contains("member.1.forest.node"))
            #expect(try pinson("classify", model, "The AWFUL crew").output.contains("negative"))
            let explained = try pinson("classify", model, "The AWFUL crew", "--explain", "--format", "jsonl").output
            #expect(explained.contains(combination == "vote" ? "leave-one-out" : "\"terms\""), "\(explained)")
            let small = try pinson(
                "train", "ensemble", "--members", "bayes", "--members", "forest", "--data", data, "-o", model,
                "--max-bytes", "100KB")
            #expect(small.status == 2 && small.error.contains("this is an ensemble"), "\(small.error)")
        }
    }

    @Test func fiveTextsOfEachLabelAreEnough() throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            try Self.csv(10, classes: 2, seed: 5).write(toFile: data, atomically: true, encoding: .utf8)
            let result = try pinson("train", "logistic", "--data", data, "-o", model)
            #expect(result.status == 0 && result.output.contains("on 4 texts that were not learned"), "\(result.error)")
        }
    }

    @Test func theSameDataGivesTheSameBytes() throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            try Self.csv(300, classes: 2, seed: 6).write(toFile: data, atomically: true, encoding: .utf8)
            let models = try (0..<2).map { index in
                let model = folder.appendingPathComponent("\(index).gguf")
                #expect(try pinson("train", "logistic", "--data", data, "-o", model.path, "--name", "same").status == 0)
                return try Data(contentsOf: model)
            }
            #expect(models[0] == models[1])
        }
    }

    @Test func theFileIsAsSmallAsAsked() throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf")
            try Self.csv(3000, classes: 2, seed: 7).write(toFile: data, atomically: true, encoding: .utf8)
            #expect(
                try pinson("train", "logistic", "--data", data, "-o", model.path, "--max-bytes", "20KB").status == 0)
            #expect(try Data(contentsOf: model).count <= 20_000)
            #expect(try pinson("evaluate", model.path, "--data", data, "--min-accuracy", "0.9").status == 0)
        }
    }

    /// The answers of the served model have the recall that was asked for, and a higher precision than without.
    @Test(arguments: ["negative", "positive"])
    func theThresholdMakesTheWantedLabelPrecise(positive: String) throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            // Texts in which every third word is one of the other class, so that no model is right everywhere.
            var random = Seeded(4)
            let rows = (0..<900).map { index -> String in
                let label = index % 2
                let words = (0..<5).map { _ in
                    Self.telling[Int.random(in: 0..<3, using: &random) == 0 ? 1 - label : label]
                        .randomElement(using: &random) ?? ""
                }
                return "\(words.joined(separator: " ")) n\(index),\(["negative", "positive"][label])\n"
            }
            try ("text,label\n" + rows.joined()).write(toFile: data, atomically: true, encoding: .utf8)
            func metrics(_ options: String...) throws -> (precision: Double, recall: Double) {
                let model = folder.appendingPathComponent("model.gguf").path
                let result = try Program.run(
                    Workplace.binary("pinson"),
                    ["train", "logistic", "--data", data, "-o", model, "--json", "--hold-out", "0.4"] + options)
                #expect(result.status == 0, "\(result.error)")
                let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
                let labels = (object?["metrics"] as? [String: Any])?["perLabel"] as? [[String: Any]] ?? []
                let label = try #require(labels.first { $0["label"] as? String == positive })
                return (label["precision"] as? Double ?? 0, label["recall"] as? Double ?? 0)
            }
            let plain = try metrics()
            let precise = try metrics("--optimize", "precision", "--floor", "0.6", "--positive", positive)
            #expect(precise.precision > plain.precision && precise.recall >= 0.6, "\(plain) \(precise)")
            let complete = try metrics("--optimize", "recall", "--floor", "0.6", "--positive", positive)
            #expect(complete.recall > plain.recall && complete.precision >= 0.6, "\(plain) \(complete)")
        }
    }

    @Test func labelsGetOtherNames() throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            try Self.csv(300, classes: 3, seed: 3).write(toFile: data, atomically: true, encoding: .utf8)
            let result = try pinson(
                "train", "bayes", "--data", data, "-o", model, "--map", "neutral=other", "--map", "positive=other")
            #expect(result.status == 0, "\(result.error)")
            let answer = try pinson("classify", model, "thanks, great crew")
            #expect(answer.output.hasPrefix("other\t"), "\(answer.output)")
        }
    }

    @Test func whatIsWrongWithTheDataIsSaid() throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            let doubtful = (0..<5).flatMap { _ in ["mixed feelings,negative\n", "mixed feelings,positive\n"] }
            try (Self.csv(300, classes: 2, seed: 3) + doubtful.joined() + "\"  \",negative\n")
                .write(toFile: data, atomically: true, encoding: .utf8)
            for (action, text) in [
                ("keep", "all kept"), ("majority", "most frequent label"), ("drop", "labels, left out"),
            ] {
                let result = try pinson(
                    "train", "bayes", "--data", data, "-o", model, "--on-conflict", action)
                #expect(result.status == 0, "\(result.error)")
                #expect(result.error.contains("occur with several labels") && result.error.contains(text))
                #expect(result.error.contains("empty texts, left out: 1"))
            }
            let described = try pinson("data", "describe", data, "--report", "\(folder.path)/page.html")
            #expect(
                described.status == 0 && described.output.contains("words that tell negative: "), "\(described.error)")
            #expect(try String(contentsOfFile: "\(folder.path)/page.html", encoding: .utf8).contains("awful"))
            #expect(try pinson("data", "describe", "/dev/null").status == 2)
        }
    }

    @Test(arguments: [
        ("text,label\nso good,positive\nnice,positive\n", "all texts have the label 'positive'"),
        ("text,label\nso good,positive\nbad,negative\n", "the label 'negative' has 1 text, expected at least 2"),
        ("text\nso good\n", "this tweet has no label"), ("", "no tweets found"),
        (
            "text,label\n" + String(repeating: "good,\"posi\ntive\"\nbad,negative\n", count: 9),
            "data.csv:2: the label 'posi tive' has a line break"
        ),
    ])
    func dataThatCannotBeLearnedFromIsExplained(content: String, reason: String) throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            try content.write(toFile: data, atomically: true, encoding: .utf8)
            let result = try pinson("train", "svm", "--data", data, "-o", model)
            #expect(result.status == 2)
            #expect(result.error.contains(reason), "\(result.error)")
            #expect(!FileManager.default.fileExists(atPath: model))
        }
    }
}
