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

    @Test(arguments: ["bayes", "lexicon"])
    func anApproachWithoutWeightsOfClassesSaysSo(approach: String) throws {
        let result = try Program.run(
            Workplace.binary("pinson"),
            ["train", approach, "--data", "/dev/null", "-o", "m.gguf", "--class-weight", "balanced"])
        #expect(result.status == 2 && result.error.contains("has no weights of classes"), "\(result.error)")
    }
}
