import Fixtures
import Foundation
import Testing

/// `train lexicon`, from labelled texts to the served model.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct TrainLexiconTests {
    private func pinson(_ arguments: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    @Test(arguments: [2, 3])
    func aLexiconIsServedAndItsRulesAreExplained(classes: Int) throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            try TrainTests.csv(600, classes: classes, seed: 5).write(toFile: data, atomically: true, encoding: .utf8)
            let trained = try pinson("train", "lexicon", "--data", data, "-o", model)
            #expect(trained.status == 0, "\(trained.error)")
            #expect(try pinson("evaluate", model, "--data", data, "--min-accuracy", "0.95").status == 0)
            #expect(try pinson("inspect", model, "--verify").status == 0)

            func answer(_ text: String) throws -> (label: String, explanation: [String: Any]) {
                let line = try pinson("classify", model, text, "--explain", "--format", "jsonl").output
                let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                return (object["label"] as? String ?? "", try #require(object["explanation"] as? [String: Any]))
            }
            func logit(_ text: String) throws -> Double { try answer(text).explanation["logit"] as? Double ?? 0 }
            let plain = try logit("the crew was great")
            #expect(try logit("the crew was GREAT") > plain && logit("the crew was great!!!") > plain)
            #expect(try logit("the crew was so great") > plain)
            #expect(try answer("the crew was great").label == "positive")
            #expect(try answer("the crew was not great").label != "positive")
            for text in ["the crew was NOT great!", "awful but great", "x", "love love ??? awful"] {
                let explanation = try answer(text).explanation
                let parts = explanation["parts"] as? [[String: Any]] ?? []
                let sum = parts.reduce(explanation["bias"] as? Double ?? 0) {
                    $0 + ($1["contribution"] as? Double ?? 0)
                }
                #expect(abs(sum - (explanation["logit"] as? Double ?? .nan)) < 1e-4, "\(text)")
                #expect(explanation["method"] as? String == "terms")
            }
            let told = try pinson("classify", model, "the crew was awful!", "--explain").output
            #expect(told.hasPrefix("negative") && told.contains("awful") && told.contains("'!' and '?'"), "\(told)")
            let refused = try pinson("train", "lexicon", "--data", data, "-o", model, "--max-bytes", "20KB")
            #expect(refused.status == 2 && refused.error.contains("this is a lexicon"), "\(refused.error)")
        }
    }

    @Test func aLexiconCanBeAMemberOfAnEnsemble() throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            try TrainTests.csv(400, classes: 3, seed: 6).write(toFile: data, atomically: true, encoding: .utf8)
            let trained = try pinson(
                "train", "ensemble", "--members", "bayes", "--members", "lexicon", "--data", data, "-o", model)
            #expect(trained.status == 0, "\(trained.error)")
            #expect(try pinson("evaluate", model, "--data", data, "--min-accuracy", "0.9").status == 0)
        }
    }
}
