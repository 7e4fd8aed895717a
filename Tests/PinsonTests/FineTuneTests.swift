import Fixtures
import Foundation
import Testing

/// `pinson train fine-tune`, with tiny checkpoints as bases.
@Suite(
    "Fine-tuning from the command line", .serialized,
    .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct FineTuneTests {
    /// A folder with a base and two files of texts.
    struct Place {
        let folder: URL
        init(_ folder: URL, _ architecture: TinyCheckpoint.Architecture, texts: Int = 300) throws {
            self.folder = folder
            _ = try TinyCheckpoint(architecture, in: folder.appendingPathComponent("base"), vocabularyFile: true)
            for (name, seed) in [("data.csv", 1), ("new.csv", 2)] as [(String, UInt64)] {
                try TrainTests.csv(seed == 1 ? texts : 90, classes: 3, seed: seed)
                    .write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
            }
        }

        func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

        func arguments(_ output: String, _ more: [String] = []) -> [String] {
            [
                "train", "fine-tune", "--base", path("base"), "--data", path("data.csv"), "--validation",
                path("new.csv"), "-o", path(output), "--learning-rate", "2e-3", "--batch-size", "8", "--no-dropout",
                "--max-tokens", "48",
            ] + more
        }
    }

    private func pinson(_ arguments: [String]) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    @Test(
        "Every kind of base learns, and its folder packs to the same model",
        arguments: TinyCheckpoint.Architecture.bases)
    func learns(architecture: TinyCheckpoint.Architecture) throws {
        try Workplace.withFolder { folder in
            let place = try Place(folder, architecture)
            let result = try pinson(
                place.arguments("m.gguf", ["--epochs", "8", "--json", "--report", place.path("r.html")]))
            try #require(result.status == 0, "\(result.error)")
            #expect(result.error.contains("MB, with up to"), "the memory is stated before")
            #expect(result.error.contains("epoch 8"))
            let told = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            let metrics = try #require(told["metrics"] as? [String: Any])
            let accuracy = try #require(metrics["accuracy"] as? Double)
            #expect(accuracy > 0.85, "three classes whose words tell them")
            #expect(
                try String(contentsOfFile: place.path("r.html"), encoding: .utf8).contains("Loss during the training"))

            let packed = try pinson(["pack", place.path("m"), "-o", place.path("again.gguf"), "--max-tokens", "48"])
            #expect(packed.status == 0, "\(packed.error)")
            let answers = try ["m.gguf", "again.gguf"].map {
                try pinson(["classify", place.path($0), "--input", place.path("new.csv"), "--format", "jsonl"]).output
            }
            #expect(answers[0] == answers[1])
        }
    }

    @Test("A seed gives the same files on one and two threads, with everything that can be set")
    func options() throws {
        try Workplace.withFolder { folder in
            let place = try Place(folder, .bert)
            let options = [
                "--epochs", "2", "--label-smoothing", "0.1", "--class-weight", "balanced", "--layer-decay", "0.9",
                "--frozen-layers", "1", "--schedule", "cosine", "--warm-up", "0.2", "--weight-decay", "0.1", "--metric",
                "log-loss", "--patience", "1", "--max-tokens", "24", "--bits", "32", "--name", "same",
            ]
            let models = try [1, 2].map { threads in
                let arguments = place.arguments("\(threads).gguf", options + ["--threads", "\(threads)"])
                let result = try pinson(arguments.filter { $0 != "--no-dropout" })
                #expect(result.status == 0, "\(result.error)")
                return try ["\(threads).gguf", "\(threads)/model.safetensors"].map {
                    try Data(contentsOf: URL(fileURLWithPath: place.path($0)))
                }
            }
            #expect(models[0] == models[1])
        }
    }

    /// Starts a training, waits for a condition, and kills it.
    @discardableResult
    static func kill(
        _ program: URL, _ arguments: [String], _ signal: Int32 = SIGKILL, stderr: FileHandle? = nil,
        when isReached: () -> Bool
    ) throws -> Process {
        let process = Process()
        (process.executableURL, process.arguments) = (program, arguments)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = stderr ?? FileHandle.nullDevice
        try process.run()
        let deadline = Date().addingTimeInterval(60)
        while process.isRunning, !isReached(), Date() < deadline { usleep(2000) }
        Foundation.kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process
    }

    @Test("A training that is killed at random moments ends with the same files")
    func killed() throws {
        try Workplace.withFolder { folder in
            let place = try Place(folder, .distilbert)
            let options = ["--epochs", "4", "--name", "same"]
            #expect(try pinson(place.arguments("whole.gguf", options)).status == 0)
            let arguments = place.arguments(
                "killed.gguf", options + ["--checkpoint-dir", place.path("state"), "--checkpoint-minutes", "0"])
            let file = place.path("state/training.safetensors")
            var random = Seeded(4)
            for _ in 0..<3 {
                var last: Date?
                var count = 0
                let wanted = Int.random(in: 1...25, using: &random)
                try Self.kill(Workplace.binary("pinson"), arguments) {
                    let date = try? FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
                    if date != last { (last, count) = (date, count + 1) }
                    return count > wanted
                }
            }
            let end = try pinson(arguments)
            #expect(end.status == 0, "\(end.error)")
            #expect(end.error.contains("going on after step"))
            #expect(!FileManager.default.fileExists(atPath: file), "it is no longer needed")
            for name in ["%.gguf", "%/model.safetensors"] {
                let files = try ["whole", "killed"].map {
                    try Data(contentsOf: URL(fileURLWithPath: place.path(name.replacing("%", with: $0))))
                }
                #expect(files[0] == files[1], "\(name)")
            }
        }
    }

    @Test("If the disk is full, the training goes on and the last good checkpoint stays")
    func fullDisk() throws {
        let shell = try #require(Program.find("bash"))
        try Workplace.withFolder { folder in
            let place = try Place(folder, .bert)
            let arguments = place.arguments(
                "m.gguf", ["--epochs", "60", "--checkpoint-dir", place.path("state"), "--checkpoint-minutes", "0"])
            let file = place.path("state/training.safetensors")
            try Self.kill(Workplace.binary("pinson"), arguments) { FileManager.default.fileExists(atPath: file) }
            let good = try Data(contentsOf: URL(fileURLWithPath: file))
            // A file of more than 100 KB cannot be written, as if the disk were full.
            let errors = folder.appendingPathComponent("errors")
            try Data().write(to: errors)
            let limited = ["-c", "ulimit -f 100; trap '' XFSZ; exec \"$0\" \"$@\"", Workplace.binary("pinson").path]
            try Self.kill(shell, limited + arguments, stderr: FileHandle(forWritingTo: errors)) {
                (try? String(contentsOf: errors, encoding: .utf8))?.contains("the last checkpoint stays") == true
            }
            let told = try String(contentsOf: errors, encoding: .utf8)
            #expect(told.contains("going on after step"))
            #expect(told.contains("training.safetensors: cannot write the file"), "\(told)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == good)
        }
    }

    @Test("A checkpoint of another training is refused")
    func otherTraining() throws {
        try Workplace.withFolder { folder in
            let place = try Place(folder, .bert)
            let arguments = place.arguments(
                "m.gguf", ["--epochs", "60", "--checkpoint-dir", place.path("state"), "--checkpoint-minutes", "0"])
            let file = place.path("state/training.safetensors")
            try Self.kill(Workplace.binary("pinson"), arguments) { FileManager.default.fileExists(atPath: file) }
            let result = try pinson(arguments + ["--seed", "2"])
            #expect(result.status == 2)
            #expect(result.error.contains("belongs to another training"))
            #expect(FileManager.default.fileExists(atPath: file))
        }
    }

    @Test(
        "Wrong options are refused with what was expected",
        arguments: [
            (["--epochs", "0"], "1 to 1000"), (["--learning-rate", "0"], "above 0"),
            (["--frozen-layers", "9"], "the base has 2 layers"),
            (["--layers", "9"], "the base has 2 layers"), (["--layers", "1,0"], "ascending numbers from 0 to 1"),
            (["--temperature", "0"], "above 0"),
            (["--max-tokens", "100"], "the base has 64 positions"),
            (["--metric", "speed"], "accuracy"), (["--save", "base"], "the folder of the base"),
        ])
    func usage(options: [String], expected: String) throws {
        try Workplace.withFolder { folder in
            let place = try Place(folder, .bert)
            let options = options.map { $0 == "base" ? place.path("base") : $0 }
            let result = try pinson(place.arguments("m.gguf", options))
            #expect(result.status == 2)
            #expect(result.error.contains(expected), "\(result.error)")
        }
    }
}
