import Fixtures
import Foundation
import Testing

@testable import Tracking

/// Runs of a folder, sent to a real server.
@Suite(.serialized, .enabled(if: Python.has("mlflow"), "needs the Python package mlflow"))
struct UploadTests {
    /// How often the server is killed; each new start takes some seconds.
    private static let kills = Int(ProcessInfo.processInfo.environment["KILLS"] ?? "") ?? 2

    /// A run with its identifier, a nested run, and artifacts.
    private func record(in folder: RunFolder, in place: URL, name: String) throws -> [Run] {
        let experiment = try folder.experiment(named: "tweets")
        var runs: [Run] = []
        for parent in [nil, 0] {
            let run = try folder.create(
                NewRun(
                    name: name, experiment: experiment, parent: parent.map { runs[$0].id }, start: 1_795_537_042_580,
                    user: "ada"), RunEntries(params: ["C": "1", "naïve": "é"]))
            try folder.log(
                RunEntries(
                    metrics: (0..<30).map {
                        MetricValue("loss", 1 / Double($0 + 1), time: 1_795_537_042_590 + $0, step: $0)
                    },
                    tags: [RunTag.origin: run.id],
                    datasets: [
                        DatasetInput(name: "d.csv", digest: "ab12", source: "d.csv", profile: "{}", context: "training")
                    ]), in: run)
            let file = place.appendingPathComponent("model.bin")
            try Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }).write(to: file)
            try folder.put(file.path, as: "model/é model.bin", in: run)
            try folder.update(run, status: .finished, end: 1_795_537_043_000)
            runs.append(run)
        }
        return runs
    }

    /// What the Python client sees: each run with its parameters, its measurements and its files.
    private func report(_ server: MLflowProcess) throws -> [[String: Any]] {
        let script = """
            import hashlib, json, sys
            from mlflow import MlflowClient
            client = MlflowClient(sys.argv[1])
            experiment = client.get_experiment_by_name("tweets")
            runs = []
            for run in client.search_runs([experiment.experiment_id], max_results=5000):
                history = client.get_metric_history(run.info.run_id, "loss")
                path = client.download_artifacts(run.info.run_id, "model/é model.bin")
                runs.append({
                    "id": run.info.run_id, "name": run.info.run_name, "status": run.info.status, "params": run.data.params,
                    "parent": run.data.tags.get("mlflow.parentRunId", ""), "origin": run.data.tags["pinson.run"],
                    "steps": sorted(m.step for m in history), "size": len(open(path, "rb").read()),
                    "inputs": [i.dataset.name for i in run.inputs.dataset_inputs]})
            print(json.dumps(runs))
            """
        let output = try Python.run(script, "http://127.0.0.1:\(server.port)")
        return try #require(
            (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [[String: Any]], "\(output)")
    }

    private func check(_ reports: [[String: Any]], _ runs: [Run]) throws {
        #expect(reports.count == runs.count)
        for run in runs {
            let report = try #require(reports.first { $0["origin"] as? String == run.id })
            #expect(report["steps"] as? [Int] == Array(0..<30) && report["size"] as? Int == 300_000)
            #expect(report["params"] as? [String: String] == ["C": "1", "naïve": "é"])
            #expect(report["status"] as? String == "FINISHED" && report["inputs"] as? [String] == ["d.csv"])
        }
        for (parent, nested) in zip(stride(from: 0, to: runs.count, by: 2), stride(from: 1, to: runs.count, by: 2)) {
            let outer = reports.first { $0["origin"] as? String == runs[parent].id }
            let inner = reports.first { $0["origin"] as? String == runs[nested].id }
            #expect(inner?["parent"] as? String == outer?["id"] as? String)
        }
    }

    @Test func thePythonClientReadsWhatWasSent() async throws {
        try await Workplace.withFolder { place in
            let server = try MLflowProcess(in: place)
            defer { server.kill() }
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            let runs = try record(in: folder, in: place, name: "one")
            let upload = RunUpload(from: folder, to: try server.mlflow())
            var outcomes: [RunUpload.Outcome] = []
            try await upload.sendAll { outcomes.append($1) }
            try await upload.sendAll { outcomes.append($1) }
            #expect(outcomes.count == 4 && outcomes[2...] == [.known, .known], "\(outcomes)")
            try check(try report(server), runs)
        }
    }

    /// The server is killed at random moments, until everything is there; then everything is there once.
    @Test(arguments: ["database", "files"])
    func eachRunArrivesOnceHoweverOftenTheServerIsKilled(store: String) async throws {
        try await Workplace.withFolder { place in
            let server = try MLflowProcess(
                in: place, store: store == "files" ? place.appendingPathComponent("store").path : nil)
            defer { server.kill() }
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            var runs: [Run] = []
            for index in 0..<4 { runs += try record(in: folder, in: place, name: "run \(index)") }
            let patience = Patience(attempts: 2, delay: .milliseconds(10), silence: .seconds(20))
            let upload = RunUpload(from: folder, to: try server.mlflow(patience: patience))
            var random = Seeded(11)
            var (isDone, kills) = (false, 0)
            while !isDone {
                let killer = Task.detached {
                    [wait = UInt64.random(in: 20_000_000...900_000_000, using: &random), kills] in
                    try await Task.sleep(nanoseconds: wait)
                    if kills < Self.kills { server.kill() }
                }
                isDone = (try? await upload.sendAll { _, _ in }) != nil
                if isDone { killer.cancel() }
                _ = try? await killer.value
                kills += 1
                if !isDone || kills <= Self.kills { try server.start() }
            }
            try await upload.sendAll { _, outcome in #expect(outcome == .known) }
            try check(try report(server), runs)
        }
    }
}
