import Fixtures
import Foundation
import Testing

/// The options of `train` that choose what is minimized.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct TrainingOptionTests {
    private func pinson(_ arguments: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    @Test func theLossOfASupportVectorMachineIsChosen() throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            try TrainTests.csv(600, classes: 3, seed: 5).write(toFile: data, atomically: true, encoding: .utf8)
            let models = try ["squared-hinge", "hinge"].map { loss in
                let model = folder.appendingPathComponent("\(loss).gguf").path
                let result = try pinson(
                    "train", "svm", "--data", data, "-o", model, "--loss", loss, "--name", "same")
                #expect(result.status == 0 && !result.error.contains("warning"), "\(result.error)")
                #expect(try pinson("evaluate", model, "--data", data, "--min-accuracy", "0.95").status == 0)
                return try Data(contentsOf: URL(fileURLWithPath: model))
            }
            #expect(models[0] != models[1])
        }
    }

    @Test(arguments: [2, 3])
    func absoluteValuesInThePenaltyLeaveNgramsOut(classes: Int) throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            try TrainTests.csv(600, classes: classes, seed: 5).write(toFile: data, atomically: true, encoding: .utf8)
            let results = try [["l2"], ["elastic-net", "--l1-ratio", "0.2"], ["l1"]].map { penalty in
                let model = folder.appendingPathComponent("model.gguf").path
                let result = try Program.run(
                    Workplace.binary("pinson"),
                    ["train", "logistic", "--data", data, "-o", model, "--json", "--penalty"] + penalty)
                #expect(result.status == 0 && !result.error.contains("warning"), "\(result.error)")
                #expect(try pinson("evaluate", model, "--data", data, "--min-accuracy", "0.95").status == 0)
                let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
                return (features: object?["features"] as? Int ?? 0, bytes: object?["bytes"] as? Int ?? 0)
            }
            #expect(results[0].features > results[1].features && results[1].features > results[2].features)
            #expect(results[0].bytes > results[1].bytes && results[1].bytes > results[2].bytes)
            #expect(results[2].features > 2 && results[2].features * 10 < results[0].features, "\(results)")
        }
    }

    /// A search counts the n-grams once, and each model keeps others of them.
    @Test func sparseModelsCanBeSearched() throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            try TrainTests.csv(300, classes: 2, seed: 5).write(toFile: data, atomically: true, encoding: .utf8)
            let result = try pinson(
                "train", "logistic", "--data", data, "-o", model, "--penalty", "l1", "--search", "grid", "--features",
                "word")
            #expect(result.status == 0 && result.error.contains("5 of 5"), "\(result.error)")
            #expect(try pinson("evaluate", model, "--data", data, "--min-accuracy", "0.9").status == 0)
        }
    }

    @Test(arguments: ["logistic", "bayes", "ensemble"], [2, 3])
    func bitsOfAHashCanBeFeatures(approach: String, classes: Int) throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            try TrainTests.csv(600, classes: classes, seed: 5).write(toFile: data, atomically: true, encoding: .utf8)
            let result = try pinson("train", approach, "--data", data, "-o", model, "--hash-bits", "14", "--json")
            #expect(result.status == 0, "\(result.error)")
            let told = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            #expect(told["features"] as? Int == 2 << 14)
            let rates = try #require(told["collisionRates"] as? [String: Double])
            #expect(rates.keys.sorted() == ["character:2-5:hash=14", "token:1-3:hash=14"])
            #expect(rates.values.allSatisfy { $0 > 0 && $0 < 0.9 }, "\(rates)")
            #expect(try pinson("evaluate", model, "--data", data, "--min-accuracy", "0.9").status == 0)
            let answer = try pinson("classify", model, "thanks, great crew", "--format", "jsonl", "--explain")
            let line = try #require(JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any])
            let explanation = try #require(line["explanation"] as? [String: Any])
            let parts = try #require(explanation["parts"] as? [[String: Any]])
            let bias = try #require(explanation["bias"] as? Double)
            let sum = parts.reduce(bias) { $0 + ($1["contribution"] as? Double ?? .nan) }
            #expect(abs(sum - (explanation["logit"] as? Double ?? .nan)) < 1e-3)
        }
    }

    @Test(arguments: [
        (["logistic", "--max-bytes", "1MB"], "Leave out '--max-bytes'"), (["forest"], "is for the approaches"),
        (["logistic", "--penalty", "l1"], "cannot leave any out"),
        (["logistic", "--min-texts", "3"], "cannot leave any out"),
    ])
    func bitsOfAHashExcludeOptionsThatLeaveNgramsOut(arguments: [String], message: String) throws {
        let result = try Program.run(
            Workplace.binary("pinson"),
            ["train"] + arguments + ["--data", "/dev/null", "-o", "m.gguf", "--hash-bits", "14"])
        #expect(result.status == 2 && result.error.contains(message), "\(result.error)")
    }

    @Test(arguments: [2, 3])
    func newtonFindsTheSameModelAsTheUsualSolver(classes: Int) throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            try TrainTests.csv(600, classes: classes, seed: 5).write(toFile: data, atomically: true, encoding: .utf8)
            let answers = try ["lbfgs", "newton"].map { solver in
                let model = folder.appendingPathComponent("\(solver).gguf").path
                let result = try pinson("train", "logistic", "--data", data, "-o", model, "--solver", solver)
                #expect(result.status == 0 && !result.error.contains("warning"), "\(result.error)")
                return try pinson("classify", model, "--input", data).output.split(separator: "\n").map {
                    $0.prefix { $0 != "\t" }
                }
            }
            let equal = zip(answers[0], answers[1]).count { $0 == $1 }
            #expect(answers[0].count == 600 && equal >= 595, "\(equal)")
        }
    }

    @Test func rowsThatAreNotUTF8AreCounted() throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let latin1 = "tr\u{E8}s bon vol,positive\nretard\u{E9},negative\n".unicodeScalars.map { UInt8($0.value) }
            let rows = Data(TrainTests.csv(300, classes: 2, seed: 3).utf8) + latin1 + Data("très,positive\n".utf8)
            try rows.write(to: URL(fileURLWithPath: data))
            let model = folder.appendingPathComponent("model.gguf").path
            for arguments in [["train", "bayes", "--data", data, "-o", model], ["data", "describe", data]] {
                let result = try Program.run(Workplace.binary("pinson"), arguments)
                #expect(result.status == 0, "\(result.error)")
                #expect(result.error.contains("data.csv: 2 rows are not UTF-8 and were read as Latin-1\n"))
            }
        }
    }

    @Test(arguments: ["bayes", "lexicon"])
    func anApproachWithoutWeightsOfClassesSaysSo(approach: String) throws {
        let result = try Program.run(
            Workplace.binary("pinson"),
            ["train", approach, "--data", "/dev/null", "-o", "m.gguf", "--class-weight", "balanced"])
        #expect(result.status == 2 && result.error.contains("has no weights of classes"), "\(result.error)")
    }
}
