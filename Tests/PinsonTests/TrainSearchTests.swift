import Fixtures
import Foundation
import Testing

/// How `train` finds the best of several models, and shows whether more data would help.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct TrainSearchTests {
    private func pinson(_ arguments: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    @Test func allApproachesAreTriedAndTheBestIsKept() throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            try TrainTests.csv(400, classes: 2, seed: 8).write(toFile: data, atomically: true, encoding: .utf8)
            let result = try pinson("train", "auto", "--data", data, "-o", model, "--folds", "3")
            #expect(result.status == 0, "\(result.error)")
            #expect(result.error.contains("11 of 11  accuracy "), "\(result.error)")
            let grid = try pinson("train", "bayes", "--data", data, "-o", model, "--search", "grid", "--folds", "3")
            #expect(grid.error.contains("6 of 6  accuracy "), "\(grid.error)")
        }
    }

    @Test func aReportHasALearningCurve() throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let page = folder.appendingPathComponent("page.html").path
            try TrainTests.csv(400, classes: 3, seed: 8).write(toFile: data, atomically: true, encoding: .utf8)
            let result = try pinson("train", "bayes", "--data", data, "-o", "\(folder.path)/m.gguf", "--report", page)
            #expect(result.status == 0, "\(result.error)")
            let html = try String(contentsOfFile: page, encoding: .utf8)
            #expect(html.contains("Learning curve") && html.contains("bayes token:1-3+character:2-5 complement"))
            // The smallest part is a sixteenth of the texts.
            #expect(html.contains("<th scope=\"row\">22</th>"))
        }
    }

    @Test(arguments: ["logistic", "forest", "lexicon"])
    func aRandomSearchTriesDifferentSettings(approach: String) throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("model.gguf").path
            try TrainTests.csv(400, classes: 2, seed: 8).write(toFile: data, atomically: true, encoding: .utf8)
            let results = try ["1", "1", "2"].map { seed in
                try pinson(
                    "train", approach, "--data", data, "-o", model, "--search", "random", "--trials", "5", "--folds",
                    "2", "--trees", "10", "--seed", seed
                ).error
            }
            let tried = results.map { error in
                error.split(separator: "\n").filter { $0.contains(" of 5  accuracy ") }.map { line in
                    line.split(separator: "  ")[2]
                }
            }
            #expect(tried.allSatisfy { Set($0).count == 5 }, "\(results[0])")
            #expect(tried[0] == tried[1] && tried[0] != tried[2] && tried[0][0] == tried[2][0])
        }
    }
}
