import Fixtures
import Foundation
import Testing

/// Training with a teacher, whose scores stand for labels.
@Suite(.serialized, .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct TeacherTests {
    private func pinson(_ arguments: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    /// Calls `body` with a teacher of many texts, a file with few labelled texts, and one with texts without labels.
    private func withTeacher(
        _ body: (_ teacher: String, _ few: String, _ unlabelled: String, _ student: String) throws -> Void
    ) throws {
        try Workplace.withFolder { folder in
            let paths = ["all.csv", "few.csv", "unlabelled.csv", "teacher.gguf", "student.gguf"].map {
                folder.appendingPathComponent($0).path
            }
            let rows = TrainTests.csv(1200, classes: 2, seed: 9).split(separator: "\n")
            let texts = rows[31...].map { $0.prefix { $0 != "," } }
            for (path, lines) in zip(
                paths, [rows, Array(rows[...30]), ["text"] + texts + ["", "\"  \""] + texts[..<50]])
            {
                try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            }
            #expect(try pinson("train", "logistic", "--data", paths[0], "-o", paths[3]).status == 0)
            try body(paths[3], paths[1], paths[2], paths[4])
        }
    }

    @Test func textsWithoutLabelsAreLearnedWithTheScoresOfATeacher() throws {
        try withTeacher { teacher, few, unlabelled, student in
            let result = try pinson(
                "train", "logistic", "--data", few, "-o", student, "--teacher", teacher, "--unlabelled", unlabelled,
                "--hold-out", "0.3", "--json")
            #expect(result.status == 0, "\(result.error)")
            let told = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            let count = try #require(told["texts"] as? Int)
            #expect(count > 1000 && count < 1200, "each text is learned once")
            let metrics = try #require(told["metrics"] as? [String: Any])
            let without = try #require(told["accuracyWithoutTeacher"] as? Double)
            #expect(try #require(metrics["accuracy"] as? Double) > 0.9 && without < 0.9)
            let plain = try pinson(
                "train", "logistic", "--data", few, "-o", student, "--teacher", teacher, "--hold-out", "0.3")
            #expect(plain.output.contains("teacher   accuracy without it \(String(format: "%.4f", without))"))
        }
    }

    @Test func textsWithoutLabelsNeedATeacher() throws {
        let result = try pinson("train", "logistic", "--data", "a.csv", "-o", "m.gguf", "--unlabelled", "b.csv")
        #expect(
            result.status == 2 && result.error.contains("'--unlabelled <file>' needs '--teacher"), "\(result.error)")
    }
}
