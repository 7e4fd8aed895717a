import Fixtures
import Foundation
import Testing

@testable import Tracking

/// What is written to a folder, read back by the Python client of MLflow.
@Suite(.enabled(if: Python.has("mlflow"), "needs the Python package mlflow"))
struct MLflowClientTests {
    @Test func thePythonClientReadsTheFolder() throws {
        try Workplace.withFolder { place in
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            let (run, nested) = try RunFolderTests.record(in: folder)
            let file = place.appendingPathComponent("page.html")
            try Data("<p>".utf8).write(to: file)
            try folder.put(file.path, as: "report/page.html", in: run)
            try folder.update(run, status: .finished, end: 1_795_537_043_000)
            let script = """
                import json, os, sys
                os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
                from mlflow import MlflowClient
                client = MlflowClient("file://" + sys.argv[1])
                experiment = client.get_experiment_by_name("tweets: é & co #1")
                runs = client.search_runs([experiment.experiment_id], order_by=["attributes.start_time"])
                run, nested = runs
                history = client.get_metric_history(run.info.run_id, "accuracy")
                print(json.dumps({
                    "ids": [r.info.run_id for r in runs], "status": [r.info.status for r in runs],
                    "names": [r.info.run_name for r in runs], "params": run.data.params,
                    "steps": [[m.step, m.timestamp] for m in history], "values": [repr(m.value) for m in history],
                    "note": run.data.tags["note"], "parent": nested.data.tags["mlflow.parentRunId"],
                    "files": [f.path for f in client.list_artifacts(run.info.run_id, "report")],
                    "end": run.info.end_time, "loss": str(run.data.metrics["loss"]),
                    "inputs": [[i.dataset.name, i.dataset.digest, i.dataset.profile, i.tags[0].key, i.tags[0].value]
                               for i in run.inputs.dataset_inputs],
                }))
                """
            let output = try Python.run(script, folder.path)
            let answer = try #require(
                (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any], "\(output)")
            #expect(answer["ids"] as? [String] == [run.id, nested.id])
            #expect(answer["status"] as? [String] == ["FINISHED", "FAILED"])
            #expect(answer["names"] as? [String] == ["train \"logistic\"", "C=2"])
            #expect(answer["params"] as? [String: String] == ["C": "1.5", "features/word": "1-2"])
            #expect(answer["steps"] as? [[Int]] == (0..<5).map { [$0, 1_795_537_042_590 + $0] })
            let recorded = folder.read(run)?.entries.metrics.filter { $0.key == "accuracy" }.map(\.text)
            #expect(answer["values"] as? [String] == recorded)
            #expect(answer["note"] as? String == "line 1\nline 2" && answer["parent"] as? String == run.id)
            #expect(answer["files"] as? [String] == ["report/page.html"] && answer["loss"] as? String == "nan")
            #expect(answer["end"] as? Int == 1_795_537_043_000)
            #expect(
                answer["inputs"] as? [[String]] == [
                    ["tweets.csv", "sha256:0123456789abcdef", #"{"texts": 60}"#, "mlflow.data.context", "training"]
                ])
        }
    }
}
