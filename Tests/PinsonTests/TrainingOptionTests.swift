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
}
