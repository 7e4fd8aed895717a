import Fixtures
import Foundation
import Testing

/// `train --counts`, which learns from what n-grams do not show.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct TrainCountsTests {
    private func pinson(_ arguments: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    @Test(arguments: [["logistic"], ["svm"], ["ensemble"], ["logistic", "--penalty", "l1"]])
    func marksAloneCanTellALabel(approach: [String]) throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            var random = Seeded(6)
            let rows = (0..<400).map { index -> String in
                // Both classes have the same words and an exclamation mark, so that only the number of marks differs.
                let words = (0..<5).map { _ in
                    ["late", "flight", "crew", "gate", "bag", "seat"].randomElement(using: &random) ?? ""
                }
                let marks = String(repeating: " !", count: index % 2 == 0 ? 1 : Int.random(in: 4...9, using: &random))
                return "\(words.joined(separator: " "))\(marks),\(["negative", "positive"][index % 2])\n"
            }
            try ("text,label\n" + rows.joined()).write(toFile: data, atomically: true, encoding: .utf8)
            let trained = try Program.run(
                Workplace.binary("pinson"),
                ["train"] + approach + ["--data", data, "-o", model, "--counts", "--ngrams", "word:1-1", "--json"])
            #expect(trained.status == 0, "\(trained.error)")
            let told = try pinson("classify", model, "late crew gate bag seat ! ! ! ! ! !", "--explain")
            #expect(told.output.contains("positive") && told.output.contains("number of '!': 6"), "\(told.output)")
            #expect(try pinson("evaluate", model, "--data", data, "--min-accuracy", "0.95").status == 0)
        }
    }

    @Test(arguments: ["bayes", "forest"])
    func aModelThatKnowsOnlyNgramsIsRefused(approach: String) throws {
        let result = try pinson("train", approach, "--data", "none.csv", "-o", "none.gguf", "--counts")
        #expect(result.status == 2 && result.error.contains("knows only n-grams"), "\(result.error)")
    }
}
