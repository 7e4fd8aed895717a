import Fixtures
import Foundation
import Testing

/// `--track` and `track sync`, without a server.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct TrackTests {
    /// Runs `pinson` in a folder, where nothing of this machine's settings counts.
    static func pinson(in folder: URL, _ arguments: [String], _ environment: [String: String] = [:]) throws
        -> Program.Result
    {
        let shell = try #require(Program.find("bash"))
        let clean = ["MLFLOW_TRACKING_URI": "", "MLFLOW_EXPERIMENT_NAME": ""]
        let script = #"cd "$1" && shift && exec "$@""#
        return try Program.run(
            shell, ["-c", script, "bash", folder.path, Workplace.binary("pinson").path] + arguments,
            environment: clean.merging(environment) { $1 })
    }

    static func writeData(_ folder: URL) throws {
        try Data(TrainTests.csv(200, classes: 2, seed: 5).utf8).write(to: folder.appendingPathComponent("data.csv"))
    }

    /// The folders of the runs in `mlruns`.
    private func runs(_ folder: URL) -> [URL] {
        let paths = FileManager.default.enumerator(atPath: "\(folder.path)/mlruns")?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix("/tags/pinson.run") }.sorted().map {
            folder.appendingPathComponent("mlruns/\($0)").deletingLastPathComponent().deletingLastPathComponent()
        }
    }

    private func text(_ run: URL, _ path: String) -> String? {
        try? String(contentsOf: run.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func aSearchIsRecordedWithItsCandidates() throws {
        try Workplace.withFolder { folder in
            try Self.writeData(folder)
            let result = try Self.pinson(
                in: folder,
                [
                    "train", "bayes", "--search", "grid", "--folds", "2", "--data", "data.csv", "-o", "m.gguf",
                    "--track",
                    "tweets",
                ])
            #expect(result.status == 0 && !result.error.contains("warning"), "\(result.error)")
            let runs = runs(folder)
            #expect(runs.count == 7)
            let outer = try #require(runs.first { text($0, "tags/mlflow.parentRunId") == nil })
            let nested = runs.filter { $0 != outer }
            #expect(nested.allSatisfy { text($0, "tags/mlflow.parentRunId") == outer.lastPathComponent })
            #expect(nested.allSatisfy { text($0, "metrics/value")?.isEmpty == false })
            #expect(nested.allSatisfy { text($0, "tags/mlflow.source.name") == "pinson" })
            #expect(text(outer, "tags/mlflow.log-model.history")?.contains(#""artifact_path": "model""#) == true)
            for name in [
                "accuracy", "macroF1", "averagePrecision", "label/positive/averagePrecision",
                "system/peak_memory_megabytes", "training_seconds",
            ] {
                #expect(text(outer, "metrics/\(name)") != nil, "\(name)")
            }
            let accuracy = Double(text(outer, "metrics/accuracy")?.split(separator: " ")[1] ?? "") ?? 0
            #expect(accuracy > 0.9)
            #expect(text(outer, "params/approach") == "bayes" && text(outer, "tags/pinson.version") != nil)
            #expect(text(outer, "meta.yaml")?.contains("status: 3\n") == true)
            let model = outer.appendingPathComponent("artifacts/model/model.gguf")
            #expect(try Data(contentsOf: model) == Data(contentsOf: folder.appendingPathComponent("m.gguf")))
            for file in [
                "model/MLmodel", "evaluation/report.html", "evaluation/confusion.json", "evaluation/mistakes.json",
            ] {
                #expect(text(outer, "artifacts/\(file)")?.isEmpty == false, "\(file)")
            }
        }
    }

    @Test(arguments: [["fine-tune", "--base", "base"], ["lstm", "--units", "4"]])
    func aTrainingByGradientsIsRecordedWithTheCurveOfItsEpochs(training: [String]) throws {
        try Workplace.withFolder { folder in
            try Self.writeData(folder)
            _ = try TinyCheckpoint(in: folder.appendingPathComponent("base"))
            let result = try Self.pinson(
                in: folder,
                ["train"] + training + ["--epochs", "2", "--data", "data.csv", "-o", "m.gguf", "--track", "tweets"])
            #expect(result.status == 0, "\(result.error)")
            let run = try #require(runs(folder).first)
            for name in ["loss", "validation/log_loss", "validation/accuracy", "validation/macro_f1"] {
                let points = try #require(text(run, "metrics/\(name)")).split(separator: "\n").map {
                    $0.split(separator: " ")
                }
                #expect(points.count == 2, "\(name)")
                #expect(points.compactMap { Double($0[1]) }.count == 2)
                let steps = points.compactMap { Int($0[2]) }
                #expect(steps.count == 2 && steps[1] == 2 * steps[0], "\(name)")
            }
            #expect(text(run, "params/approach") == training[0])
            #expect(text(run, "artifacts/evaluation/report.html")?.contains("Loss during the training") == true)
        }
    }

    @Test(.enabled(if: Python.has("mlflow"), "needs the Python package mlflow"))
    func thePythonClientReadsTheModel() throws {
        try Workplace.withFolder { folder in
            try Self.writeData(folder)
            _ = try Self.pinson(
                in: folder, ["train", "bayes", "--data", "data.csv", "-o", "m.gguf", "--track", "tweets"])
            let run = try #require(runs(folder).first)
            let output = try Python.run(
                """
                import sys
                from mlflow.models import Model
                model = Model.load(sys.argv[1])
                print(list(model.flavors), model.flavors["pinson"]["labels"], model.flavors["pinson"]["data"])
                print(model.get_input_schema().input_names(), model.get_output_schema().input_names())
                print(model.load_input_example(sys.argv[1]).to_dict("list"))
                """, run.appendingPathComponent("artifacts/model").path)
            #expect(
                output == """
                    ['pinson'] ['negative', 'positive'] model.gguf
                    ['text'] ['label', 'score']
                    {'text': ['I love this crew']}

                    """)
        }
    }

    @Test func nothingIsRecordedUnlessTheUserAsks() throws {
        try Workplace.withFolder { folder in
            try Self.writeData(folder)
            let train = ["train", "bayes", "--data", "data.csv", "-o", "m.gguf"]
            #expect(try Self.pinson(in: folder, train).status == 0)
            #expect(runs(folder).isEmpty)
            #expect(try Self.pinson(in: folder, train, ["MLFLOW_EXPERIMENT_NAME": "tweets"]).status == 0)
            #expect(runs(folder).count == 1)
        }
    }

    @Test func aRunThatFailsIsRecordedAsFailed() throws {
        try Workplace.withFolder { folder in
            try Data("text,label\nso good,positive\n".utf8).write(to: folder.appendingPathComponent("data.csv"))
            let result = try Self.pinson(
                in: folder, ["train", "bayes", "--data", "data.csv", "-o", "m.gguf", "--track", "tweets"])
            #expect(result.status == 2)
            #expect(runs(folder).first.flatMap { text($0, "meta.yaml") }?.contains("status: 4\n") == true)
        }
    }

    @Test func aServerThatIsDownCostsNothingButAMessage() throws {
        try Workplace.withFolder { folder in
            try Self.writeData(folder)
            let port = try RealRegistry.freePort()
            let server = ["MLFLOW_TRACKING_URI": "http://ada:s3cret@127.0.0.1:\(port)"]
            let result = try Self.pinson(
                in: folder, ["train", "bayes", "--data", "data.csv", "-o", "m.gguf", "--track", "tweets"], server)
            #expect(result.status == 0 && FileManager.default.fileExists(atPath: "\(folder.path)/m.gguf"))
            #expect(result.error.components(separatedBy: "warning: ").count == 2, "\(result.error)")
            #expect(result.error.contains("pinson track sync") && !result.error.contains("s3cret"))
            #expect(runs(folder).count == 1)
            let sync = try Self.pinson(in: folder, ["track", "sync"], server)
            #expect(sync.status == 3 && sync.error.contains("Connection refused"), "\(sync.error)")
            #expect(try Self.pinson(in: folder, ["track", "sync"]).status == 2)
        }
    }

    @Test func evaluationsAndBenchmarksAreRecordedToo() throws {
        try Workplace.withFolder { folder in
            try Self.writeData(folder)
            for command in [
                ["train", "bayes", "--data", "data.csv", "-o", "m.gguf"],
                ["evaluate", "m.gguf", "--data", "data.csv", "--track", "e", "--resamples", "10"],
            ] {
                let result = try Self.pinson(in: folder, command)
                #expect(result.status == 0, "\(result.error)")
            }
            let run = try #require(runs(folder).first)
            #expect(text(run, "metrics/latency_p50_milliseconds") != nil && text(run, "metrics/accuracy") != nil)
        }
    }

    /// The commands of the page in their order: without a server, then with one.
    @Test(.enabled(if: Python.has("mlflow"), "needs the Python package mlflow"))
    func everyCommandOfThePageWorks() throws {
        let page = Workplace.repository.appendingPathComponent("docs/track.md")
        let commands = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("dist/pinson ") }
        #expect(commands.count == 5)
        try Workplace.withFolder { folder in
            let server = try MLflowProcess(in: folder)
            defer { server.kill() }
            for (name, seed) in [("TWEETS.csv", 1), ("TEST.csv", 2)] as [(String, UInt64)] {
                try Data(TrainTests.csv(80, classes: 2, seed: seed).utf8).write(to: folder.appendingPathComponent(name))
            }
            let address = ["MLFLOW_TRACKING_URI": "http://127.0.0.1:\(server.port)"]
            for command in commands {
                let shell = try #require(Program.find("bash"))
                let line = command.replacing("dist/pinson", with: "'\(Workplace.binary("pinson").path)'")
                if line.contains("rollback") {
                    // There must be a champion to go back from.
                    let again = ["promote", "MODEL.gguf", "--name", "airline", "--data", "TEST.csv", "--force"]
                    #expect(try Self.pinson(in: folder, again, address).status == 0)
                }
                let needsServer = ["sync", "promote", "rollback"].contains { line.contains(" \($0)") }
                let result = try Program.run(
                    shell, ["-c", "cd '\(folder.path)' && \(line)"],
                    environment: needsServer ? address : ["MLFLOW_TRACKING_URI": ""])
                #expect(result.status == 0 && !result.output.isEmpty, "\(line)\n\(result.error)")
                if line.contains("sync") { #expect(result.output == "sent 8, already there 0, still going on 0\n") }
            }
            // With a server, nothing stays in the folder.
            try FileManager.default.removeItem(at: folder.appendingPathComponent("mlruns"))
            let live = try Self.pinson(
                in: folder, ["train", "bayes", "--data", "TWEETS.csv", "-o", "m.gguf", "--track", "airline"], address)
            #expect(live.status == 0 && live.error.contains("recording the run "), "\(live.error)")
            #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/mlruns"))
            let script = """
                import sys
                from mlflow import MlflowClient
                client = MlflowClient(sys.argv[1])
                runs = client.search_runs([client.get_experiment_by_name("airline").experiment_id])
                print(len(runs), sorted({r.info.status for r in runs}))
                print([f.path for f in client.list_artifacts(runs[0].info.run_id, "model")])
                """
            #expect(
                try Python.run(script, "http://127.0.0.1:\(server.port)") == """
                    11 ['FINISHED']
                    ['model/MLmodel', 'model/input_example.json', 'model/model.gguf']

                    """)
        }
    }
}
