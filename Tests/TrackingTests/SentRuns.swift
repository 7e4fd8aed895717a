import Fixtures
import Foundation
import Testing

@testable import Tracking

/// Runs in a folder that are sent to a server, and what the server has of them in the end.
enum SentRuns {
    /// A run with its identifier, a nested run, and artifacts.
    static func record(in folder: RunFolder, in place: URL, name: String) throws -> [Run] {
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
    private static func report(_ server: MLflowProcess) throws -> [[String: Any]] {
        let script = """
            import json, sys
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
                    "steps": sorted(m.step for m in history), "isWhole": open(path, "rb").read() == bytes(i * 7 % 256 for i in range(300000)),
                    "files": [f.path for f in client.list_artifacts(run.info.run_id, "model")],
                    "inputs": [i.dataset.name for i in run.inputs.dataset_inputs]})
            print(json.dumps(runs))
            """
        let output = try Python.run(script, "http://127.0.0.1:\(server.port)")
        return try #require(
            (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [[String: Any]], "\(output)")
    }

    /// Expects that each run is there once, with everything that was recorded about it.
    static func check(on server: MLflowProcess, _ runs: [Run]) throws {
        let reports = try report(server)
        #expect(reports.count == runs.count)
        for run in runs {
            let report = try #require(reports.first { $0["origin"] as? String == run.id })
            #expect(report["steps"] as? [Int] == Array(0..<30) && report["isWhole"] as? Bool == true)
            #expect(report["params"] as? [String: String] == ["C": "1", "naïve": "é"])
            #expect(report["files"] as? [String] == ["model/é model.bin"])
            #expect(report["status"] as? String == "FINISHED" && report["inputs"] as? [String] == ["d.csv"])
        }
        for (parent, nested) in zip(stride(from: 0, to: runs.count, by: 2), stride(from: 1, to: runs.count, by: 2)) {
            let outer = reports.first { $0["origin"] as? String == runs[parent].id }
            let inner = reports.first { $0["origin"] as? String == runs[nested].id }
            #expect(inner?["parent"] as? String == outer?["id"] as? String)
        }
    }
}
