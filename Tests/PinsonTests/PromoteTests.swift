import Fixtures
import Foundation
import Testing

/// `promote` and `rollback`, with a real server.
@Suite(
    .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"),
    .enabled(if: Python.has("mlflow"), "needs the Python package mlflow"))
struct PromoteTests {
    private func withPlace(_ body: (PromotionPlace) throws -> Void) throws {
        try Workplace.withFolder { folder in try body(PromotionPlace(in: folder)) }
    }

    private func json(_ result: Program.Result) throws -> [String: Any] {
        try #require(
            JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result.error)")
    }

    @Test func aModelBecomesTheChampionOnlyIfItIsBetter() throws {
        try withPlace { place in
            try place.train("weak.gguf", knowing: [1, 2])
            try place.train("good.gguf", knowing: [0, 1, 2, 3, 4])
            try place.train("uneven.gguf", knowing: [0, 1, 2, 3], seed: 4)

            let first = try place.promote("weak.gguf")
            #expect(
                first.status == 0 && first.output.contains("mlflow:\(place.name)/1 is the champion now."),
                "\(first.error)")
            let equal = try place.promote("weak.gguf")
            #expect(equal.status == 1 && equal.output.contains("the candidate is the champion itself"))
            let better = try place.promote("uneven.gguf", "--tolerate", "50", "--json")
            #expect(better.status == 0, "\(better.error)")
            let result = try json(better)
            #expect(result["outcome"] as? String == "promoted" && (result["slices"] as? [Any])?.count == 5)
            #expect(((result["test"] as? [String: Any])?["p"] as? Double ?? 1) < 0.05)
            let worse = try place.promote("weak.gguf")
            #expect(worse.status == 1 && worse.output.contains("FAIL  Accuracy is better"), "\(worse.output)")
            #expect(worse.output.hasSuffix("conditions do not hold.\n"))
            let best = try place.promote("good.gguf", "--metric", "macro-f1")
            #expect(
                best.status == 0 && best.output.contains("mlflow:\(place.name)/3 is the champion now."),
                "\(best.output)")

            let said = try place.ask(
                """
                champion.version, model.tags, len(client.search_model_versions(f"name='{name}'")),
                "pinson.forced" in champion.tags, champion.tags["pinson.previous_champion"],
                client.get_run(champion.run_id).data.params["measure"],
                [f.path for f in client.list_artifacts(champion.run_id)]
                """)
            #expect(
                said == "3 {'pinson.champions': '1 2 3'} 3 False 2 macro-f1 ['evaluation', 'model', 'promotion']")
            let file = place.folder.appendingPathComponent("TEST.csv")
            let sum = try Program.run(try #require(Program.find("sha256sum")), [file.path]).output.prefix(64)
            #expect(try place.tags(of: 3)["pinson.test_set.file"] == "sha256:\(sum)")
            #expect(try place.tags(of: 3)["pinson.test_set"] == place.tags(of: 1)["pinson.test_set"])
            // What was promoted is read wherever a model is.
            let classified = try place.pinson("classify", "mlflow:\(place.name)@champion", "the awful crew")
            #expect(classified.status == 0 && classified.output.contains("negative"), "\(classified.error)")
            let compared = try place.pinson(
                "compare", "mlflow:\(place.name)/1", "mlflow:\(place.name)@champion", "--data", "TEST.csv")
            #expect(compared.status == 0 && compared.output.contains("The second model is better"), "\(compared.error)")
            let image = try place.pinson(
                "image", "build", "--model", "mlflow:\(place.name)@champion", "-o", "image.tar")
            #expect(image.status == 0, "\(image.error)")
        }
    }

    @Test func aSliceThatGetsWorseStopsAModelThatIsBetterOverall() throws {
        try withPlace { place in
            try place.train("old.gguf", knowing: [0, 1])
            try place.train("new.gguf", knowing: [1, 2, 3, 4])
            #expect(try place.promote("old.gguf").status == 0)
            let refused = try place.promote("new.gguf")
            #expect(refused.status == 1 && refused.output.contains("ok    Accuracy is better"), "\(refused.output)")
            #expect(refused.output.contains("FAIL  Category: k0"))
            #expect(
                refused.output.hasSuffix(
                    "The champion stays mlflow:\(place.name)/1, because one condition does not hold.\n"))
            #expect(try place.champion() == ("1", "1"))
            let unknown = try place.promote("new.gguf", "--slice", "moon")
            #expect(unknown.status == 2 && unknown.error.contains("'category=k0'"), "\(unknown.error)")
            let named = try place.promote("new.gguf", "--slice", "Length", "--tolerate", "100")
            #expect(named.status == 0 && named.output.contains("Length: "), "\(named.output)")
        }
    }

    @Test func aModelThatNoLongerFitsATargetIsNotPromoted() throws {
        try withPlace { place in
            try place.train("weak.gguf", knowing: [1])
            try place.train("good.gguf", knowing: [0, 1, 2, 3, 4])
            #expect(try place.promote("weak.gguf", "--target", "cloud-run").status == 0)
            let limits = """
                {"schema": 1, "targets": [{"name": "tiny", "title": "A tiny place", "limits": [{"of": "compressed",
                "max": 1000, "enforced": "hard", "note": "", "source": "t", "asOf": "2026-01-01", "confidence": "A"}]}]}
                """
            try Data(limits.utf8).write(to: place.folder.appendingPathComponent("limits.json"))
            let refused = try place.promote(
                "good.gguf", "--limits", "limits.json", "--target", "tiny", "--target", "cloud-run")
            #expect(refused.status == 1 && refused.output.contains("FAIL  tiny"), "\(refused.output)\(refused.error)")
            #expect(refused.output.contains("ok    cloud-run"))
            #expect(try place.champion() == ("1", "1"))
            let unknown = try place.promote("good.gguf", "--target", "moon")
            #expect(unknown.status == 2 && unknown.error.contains("moon"))
        }
    }

    @Test func anotherTestSetIsRefusedAndForceIsWrittenDown() throws {
        try withPlace { place in
            try place.train("weak.gguf", knowing: [1, 2])
            try place.train("good.gguf", knowing: [0, 1, 2, 3, 4])
            try place.write("OTHER.csv", count: 300, seed: 9, knowing: [0, 1, 2, 3, 4])
            #expect(try place.promote("weak.gguf").status == 0)
            let other = try place.promote("good.gguf", data: "OTHER.csv")
            #expect(other.status == 1 && other.output.contains("FAIL  same test set"), "\(other.output)")
            #expect(other.output.contains("the champion was promoted on other tweets of TEST.csv (sha256:"))
            let accepted = try place.promote("good.gguf", "--new-test-set", data: "OTHER.csv")
            #expect(accepted.status == 0, "\(accepted.output)")
            let forced = try place.promote("weak.gguf", "--force", data: "TEST.csv")
            #expect(forced.status == 0 && forced.output.contains("because --force was given"), "\(forced.output)")
            let tag = try place.tags(of: 3)["pinson.forced"] ?? ""
            #expect(tag.hasPrefix("same test set: ") && tag.contains("Accuracy is better: "))

            // One step back after the other, and no further than the first champion.
            for (before, after) in [(3, 2), (2, 1)] {
                let back = try place.pinson("rollback", place.name)
                #expect(
                    back.output
                        == "mlflow:\(place.name)/\(after) is the champion again, instead of mlflow:\(place.name)/\(before).\n",
                    "\(back.error)")
            }
            let end = try place.pinson("rollback", place.name)
            #expect(end.status == 2 && end.error.contains("no champion before the one of now is recorded"))
            #expect(try place.champion() == ("1", "1"))
        }
    }

    @Test func modelsOfTheServerArePromotedWithoutACopy() throws {
        try withPlace { place in
            try place.write("TRAIN.csv", count: 600, seed: 1, knowing: [0, 1, 2])
            let trained = try place.pinson(
                "train", "bayes", "--data", "TRAIN.csv", "-o", "m.gguf", "--track", place.name)
            let run = try #require(trained.error.firstMatch(of: /recording the run (\w+)/)?.1)
            let first = try place.promote("runs:/\(run)/model/model.gguf")  // the file itself
            #expect(first.status == 0, "\(first.error)")
            #expect(try place.ask("champion.run_id") == String(run))
            // The Python client registers a better model, and it is promoted by its number.
            try place.train("good.gguf", knowing: [0, 1, 2, 3, 4])
            let script = """
                import sys
                from mlflow import MlflowClient
                client = MlflowClient(sys.argv[1])
                run = client.create_run("0").info
                client.log_artifact(run.run_id, sys.argv[2], "any")
                print(client.create_model_version(sys.argv[3], run.artifact_uri + "/any", run.run_id).version, end="")
                """
            let address = "http://127.0.0.1:\(place.server.port)"
            let good = place.folder.appendingPathComponent("good.gguf").path
            #expect(try Python.run(script, address, good, place.name) == "2")
            let second = try place.promote("mlflow:\(place.name)/2")
            #expect(second.status == 0, "\(second.output)\(second.error)")
            #expect(try place.champion() == ("2", "1 2"))
            let inspected = try place.pinson("inspect", "mlflow:\(place.name)/1", "--verify")
            #expect(inspected.status == 0 && inspected.output.contains("all digests are correct"), "\(inspected.error)")
            let packed = try place.pinson("pack", "mlflow:\(place.name)@champion", "-o", "p.gguf")
            #expect(packed.status == 0, "\(packed.error)")
            let files = ["p.gguf", "good.gguf"].map { try? Data(contentsOf: place.folder.appendingPathComponent($0)) }
            #expect(files[0] == files[1])
        }
    }

    /// A champion of scikit-learn, for example, has no file that Pinson reads.
    @Test func aChampionThatCannotBeReadIsReplacedOnlyByForce() throws {
        try withPlace { place in
            try place.train("good.gguf", knowing: [0, 1, 2, 3, 4])
            let script = """
                import sys
                from mlflow import MlflowClient
                client = MlflowClient(sys.argv[1])
                run = client.create_run("0").info
                client.log_text(run.run_id, "no model", "any/model.pkl")
                client.create_registered_model(sys.argv[2])
                client.create_model_version(sys.argv[2], run.artifact_uri + "/any", run.run_id)
                client.set_registered_model_alias(sys.argv[2], "champion", "1")
                """
            #expect(try Python.run(script, "http://127.0.0.1:\(place.server.port)", place.name) == "")
            let refused = try place.promote("good.gguf")
            #expect(
                refused.status == 1 && refused.output.contains("FAIL  the champion can be read"), "\(refused.error)")
            let forced = try place.promote("good.gguf", "--force")
            #expect(forced.status == 0, "\(forced.error)")
            #expect(try place.champion() == ("2", "1 2"))
            #expect(try place.tags(of: 2)["pinson.forced"]?.contains("files that end in .gguf") == true)
        }
    }

    @Test func ofTwoPromotionsAtOnceOneWins() async throws {
        try await Workplace.withFolder { folder in
            let place = try PromotionPlace(in: folder)
            try place.train("weak.gguf", knowing: [1])
            for seed in [5, 6] as [UInt64] { try place.train("\(seed).gguf", knowing: [0, 1, 2, 3, 4], seed: seed) }
            #expect(try place.promote("weak.gguf").status == 0)
            let results = try await withThrowingTaskGroup(of: Program.Result.self) { group in
                for model in ["5.gguf", "6.gguf"] { group.addTask { try place.promote(model) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            // The other one is as good, so it is refused too if it comes late enough to be compared with the winner.
            #expect(results.map(\.status).sorted() == [0, 1], "\(results)")
            let number = try #require(try place.champion().version)
            #expect(
                results.first { $0.status == 0 }?.output.contains("mlflow:\(place.name)/\(number) is the champion")
                    == true)
            #expect(try place.champion().history == "1 \(number)")
        }
    }

    @Test func aPasswordIsInNoOutputAndInNoRecord() throws {
        try withPlace { place in
            try place.train("weak.gguf", knowing: [1])
            let account = ["MLFLOW_TRACKING_URI": "http://ada:s3cret@127.0.0.1:\(place.server.port)"]
            let options = ["--name", place.name, "--data", "TEST.csv", "--resamples", "20"]
            for arguments in [
                ["promote", "weak.gguf"] + options, ["promote", "weak.gguf"] + options, ["rollback", place.name],
            ] {
                let result = try TrackTests.pinson(in: place.folder, arguments, account)
                #expect(!(result.output + result.error).contains("s3cret"), "\(result.error)")
            }
            let record = try place.ask(
                "champion, model, [r.to_dictionary() for r in client.search_runs([champion and "
                    + "client.get_experiment_by_name(name).experiment_id])]")
            #expect(record.contains("pinson.promotion") && !record.contains("s3cret"))
            let without = try place.pinson(
                "promote", "weak.gguf", "--name", place.name, "--data", "TEST.csv", isTracked: false)
            #expect(without.status == 2 && without.error.contains("MLFLOW_TRACKING_URI"), "\(without.error)")
        }
    }
}
