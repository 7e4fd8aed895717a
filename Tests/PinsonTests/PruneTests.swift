import Fixtures
import Foundation
import Testing

/// `pinson prune` as a user sees it.
@Suite("Pruning from the command line", .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct PruneTests {
    private func pinson(_ arguments: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    @Test("A model file and a checkpoint become smaller, and the smaller checkpoint can be trained")
    func both() throws {
        try Workplace.withFolder { folder in
            func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
            _ = try TinyCheckpoint(.bert, in: folder.appendingPathComponent("base"))
            try TrainTests.csv(100, classes: 3, seed: 1)
                .write(toFile: path("data.csv"), atomically: true, encoding: .utf8)
            try "text\ngreat airline\nlate\n".write(toFile: path("new.csv"), atomically: true, encoding: .utf8)
            #expect(try pinson("pack", path("base"), "-o", path("m.gguf"), "--max-tokens", "48").status == 0)

            let model = try pinson(
                "prune", path("m.gguf"), "--data", path("data.csv"), "-o", path("small.gguf"), "--held-out",
                path("new.csv"), "--json")
            try #require(model.status == 0, "\(model.error)")
            let told = try #require(JSONSerialization.jsonObject(with: Data(model.output.utf8)) as? [String: Any])
            let (before, after) = (told["before"] as? [String: Int], told["after"] as? [String: Int])
            #expect(try #require(before?["pieces"]) > #require(after?["pieces"]))
            let loss = try #require(told["heldOut"] as? [String: Int])
            #expect(loss["texts"] == 2 && loss["pieces"] == 3, "\(loss)")
            for model in ["m.gguf", "small.gguf"] {
                #expect(try pinson("inspect", path(model), "--verify").status == 0)
            }
            let answers = try ["m.gguf", "small.gguf"].map {
                try pinson("classify", path($0), "--input", path("data.csv"), "--format", "jsonl").output
            }
            #expect(answers[0] == answers[1] && !answers[0].isEmpty, "all texts of the data have the same answers")

            let base = try pinson("prune", path("base"), "--data", path("data.csv"), "-o", path("small"))
            try #require(base.status == 0, "\(base.error)")
            #expect(base.output.contains("if only the others had been counted"))
            let tuned = try pinson(
                "train", "fine-tune", "--base", path("small"), "--data", path("data.csv"), "-o", path("tuned.gguf"),
                "--epochs", "1", "--max-tokens", "32")
            #expect(tuned.status == 0, "\(tuned.error)")
        }
    }

    @Test("What cannot be pruned is refused")
    func refused() throws {
        try Workplace.withFolder { folder in
            let data = folder.appendingPathComponent("data.csv").path
            let model = folder.appendingPathComponent("m.gguf").path
            try TrainTests.csv(200, classes: 2, seed: 1).write(toFile: data, atomically: true, encoding: .utf8)
            #expect(try pinson("train", "bayes", "--data", data, "-o", model).status == 0)
            let result = try pinson("prune", model, "--data", data, "-o", "\(model)2")
            #expect(result.status == 2 && result.error.contains("only a transformer can be pruned"), "\(result.error)")
            let same = try pinson("prune", model, "--data", data, "-o", model)
            #expect(same.status == 2 && same.error.contains("is what is to be pruned"))
            let count = try pinson("prune", model, "--data", data, "-o", "\(model)2", "--min-count", "0")
            #expect(count.status == 2 && count.error.contains("expected 1 to"))
        }
    }
}
