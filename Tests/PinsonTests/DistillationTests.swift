import Fixtures
import Foundation
import Testing

/// `pinson train fine-tune` with teachers and with fewer layers, and its end by a signal.
@Suite(
    "Distillation from the command line", .serialized,
    .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct DistillationTests {
    private func pinson(_ arguments: [String]) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    private func json(_ result: Program.Result) throws -> [String: Any] {
        try #require(result.status == 0, "\(result.error)")
        return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    @Test("A student with one layer learns from two teachers and from texts without labels")
    func student() throws {
        try Workplace.withFolder { folder in
            let place = try FineTuneTests.Place(folder, .bert, texts: 40)
            try TrainTests.csv(600, classes: 3, seed: 7)
                .write(toFile: place.path("all.csv"), atomically: true, encoding: .utf8)
            for (approach, model) in [("logistic", "a.gguf"), ("bayes", "b.gguf")] {
                let taught = try pinson(["train", approach, "--data", place.path("all.csv"), "-o", place.path(model)])
                #expect(taught.status == 0, "\(taught.error)")
            }
            let few = try json(pinson(place.arguments("few.gguf", ["--layers", "1", "--epochs", "6", "--json"])))
            #expect(few["texts"] as? Int == 40)
            let options = [
                "--layers", "1", "--epochs", "6", "--teacher", place.path("a.gguf"), "--teacher", place.path("b.gguf"),
                "--unlabelled", place.path("all.csv"), "--temperature", "1.5", "--json",
            ]
            let result = try pinson(place.arguments("student.gguf", options))
            let student = try json(result)
            #expect(result.error.contains("layers of the base: 0"))
            #expect(try #require(student["texts"] as? Int) > 500)
            func accuracy(_ told: [String: Any]) -> Double {
                (told["metrics"] as? [String: Any])?["accuracy"] as? Double ?? 0
            }
            #expect(accuracy(student) > 0.85 && accuracy(student) > accuracy(few) + 0.05)
        }
    }

    @Test(
        "A signal lets a training write its state, and then it goes on without asking the teacher again",
        arguments: [SIGTERM, SIGINT])
    func signal(number: Int32) throws {
        try Workplace.withFolder { folder in
            let place = try FineTuneTests.Place(folder, .bert)
            let data = place.path("data.csv")
            #expect(try pinson(["train", "logistic", "--data", data, "-o", place.path("t.gguf")]).status == 0)
            let options = ["--epochs", "120", "--name", "same", "--teacher", place.path("t.gguf")]
            #expect(try pinson(place.arguments("whole.gguf", options)).status == 0)
            let errors = place.path("errors")
            try Data().write(to: URL(fileURLWithPath: errors))
            func told() -> String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }
            let arguments = place.arguments("stopped.gguf", options + ["--checkpoint-dir", place.path("state")])
            let process = try FineTuneTests.kill(
                Workplace.binary("pinson"), arguments, number,
                stderr: FileHandle(forWritingTo: URL(fileURLWithPath: errors))
            ) { told().contains("epoch 1 ") }
            #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == number)
            #expect(told().contains("stopped after step"), "\(told())")
            let end = try pinson(arguments)
            #expect(end.status == 0, "\(end.error)")
            #expect(end.error.contains("going on after step") && end.error.contains("has computed before"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.path("state")).isEmpty)
            let files = try ["whole", "stopped"].map {
                try Data(contentsOf: URL(fileURLWithPath: place.path("\($0).gguf")))
            }
            #expect(files[0] == files[1])
        }
    }
}
