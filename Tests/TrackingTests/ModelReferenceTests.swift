import Fixtures
import Foundation
import Testing

@testable import Tracking

/// Models that are named by their place on a server, and fetched from there.
@Suite struct ModelReferenceTests {
    @Test(arguments: [
        ("mlflow:airline@champion", ModelReference.alias(model: "airline", alias: "champion")),
        ("models:/airline@champion", .alias(model: "airline", alias: "champion")),
        ("mlflow:air/line/3", .version(model: "air/line", version: "3")),
        ("models:/airline/12", .version(model: "airline", version: "12")),
        ("runs:/3c82/model", .run(id: "3c82", path: "model")),
        ("runs:/3c82/a/b.gguf", .run(id: "3c82", path: "a/b.gguf")),
        ("model.gguf", nil), ("localhost:5000/image:1", nil), ("./mlflow:a", nil),
    ])
    func aReferenceIsRead(text: String, expected: ModelReference?) throws {
        #expect(try ModelReference(text) == expected)
    }

    @Test(arguments: [
        "mlflow:", "mlflow:airline", "mlflow:airline@", "mlflow:@champion", "mlflow:airline/", "mlflow:airline/x",
        "mlflow:airline/0", "runs:/3c82", "runs:/3c82/", "runs:/3c82/../../x", "models:/",
    ])
    func aReferenceThatIsNotCompleteIsRefused(text: String) {
        #expect(throws: TrackingError.self) { try ModelReference(text) }
    }

    /// MLflow's page reads the tag as JSON.
    @Test func theTagThatLinksAModelIsJSON() async throws {
        try await Workplace.withFolder { place in
            let file = place.appendingPathComponent("m.gguf")
            try Data("abc".utf8).write(to: file)
            let package = try await ModelPackage(
                describing: file.path, family: "a \"linear\" one", labels: ["no", "yes"], version: "1")
            let tag = package.history(at: "model", created: Date(timeIntervalSince1970: 0))
            let list = try #require(JSONSerialization.jsonObject(with: Data(tag.utf8)) as? [[String: Any]])
            let flavours = list.first?["flavors"] as? [String: [String: String]]
            #expect(list.count == 1 && list[0]["artifact_path"] as? String == "model")
            #expect(list[0]["utc_time_created"] as? String == "1970-01-01 00:00:00")
            #expect(
                flavours == [
                    "pinson": [
                        "family": "a \"linear\" one",
                        "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                    ]
                ])
        }
    }

    @Test(.enabled(if: Python.has("mlflow"), "needs the Python package mlflow"))
    func whatThePythonClientHasRegisteredIsFetched() async throws {
        try await Workplace.withFolder { place in
            let process = try MLflowProcess(in: place)
            defer { process.kill() }
            let model = place.appendingPathComponent("finch.gguf")
            let bytes = Data((0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 13) })
            try bytes.write(to: model)
            let package = try await ModelPackage(
                describing: model.path, family: "linear", labels: ["no", "yes"], version: "1")
            let description = place.appendingPathComponent("MLmodel")
            try package.document(created: Date(timeIntervalSince1970: 0)).write(
                to: description, atomically: true, encoding: .utf8)
            let script = """
                import os, shutil, sys
                uri, model, description = sys.argv[1:]
                os.environ["MLFLOW_TRACKING_URI"] = uri
                import mlflow
                from mlflow import MlflowClient
                client = MlflowClient(uri)
                folder = os.path.dirname(model)
                named = os.path.join(folder, "model.gguf")
                shutil.copy(model, named)
                broken = os.path.join(folder, "broken", "model.gguf")
                os.mkdir(os.path.dirname(broken))
                open(broken, "wb").write(open(model, "rb").read()[:-1] + b"?")
                run = client.create_run("0").info
                client.log_artifact(run.run_id, model, "plain")
                for path, file in [("described", named), ("changed", broken)]:
                    client.log_artifact(run.run_id, file, path)
                    client.log_artifact(run.run_id, description, path)
                client.create_registered_model("airline")
                for path in ["plain", "described", "changed"]:
                    version = client.create_model_version("airline", run.artifact_uri + "/" + path, run.run_id)
                client.set_registered_model_alias("airline", "champion", "2")
                print(run.run_id, end="")
                """
            let run = try Python.run(script, "http://127.0.0.1:\(process.port)", model.path, description.path)
            let cache = place.appendingPathComponent("cache").path
            let fetcher = ModelFetcher(try process.mlflow(), cache: cache)
            for text in [
                "mlflow:airline/1", "mlflow:airline@champion", "runs:/\(run)/plain/finch.gguf",
                "runs:/\(run)/described",
            ] {
                let path = try await fetcher.fetch(try #require(try ModelReference(text)))
                #expect(path == "\(cache)/\(package.digest).gguf")
                #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
            }
            for (text, reason) in [
                ("mlflow:airline/3", "found the digest"),
                ("mlflow:airline@other", "no version of this model has this alias"),
                ("mlflow:nobody@champion", "no version of this model has this alias"), ("mlflow:airline/9", "404"),
                ("runs:/\(run)/nothing", "it has 0 files that end in .gguf"),
            ] {
                do {
                    // A file with the right digest that is kept already is not fetched, so nothing is kept here.
                    let fetcher = ModelFetcher(try process.mlflow(), cache: "\(cache)-\(UUID().uuidString)")
                    _ = try await fetcher.fetch(try #require(try ModelReference(text)))
                    Issue.record("\(text) cannot be fetched")
                } catch let error as TrackingError {
                    #expect("\(error)".contains(reason), "\(error)")
                }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: cache) == ["\(package.digest).gguf"])
            // A copy that was changed is fetched again.
            try Data("?".utf8).write(to: URL(fileURLWithPath: "\(cache)/\(package.digest).gguf"))
            let again = try await fetcher.fetch(.alias(model: "airline", alias: "champion"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: again)) == bytes)
        }
    }
}
