import Fixtures
import Foundation
import Testing

/// `pinson retrain` with a real server of MLflow.
@Suite(
    .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"),
    .enabled(if: Python.has("mlflow"), "needs the Python package mlflow"))
struct RetrainTests {
    private func withPlace(_ body: (RetrainingPlace) throws -> Void) throws {
        try Workplace.withFolder { folder in try body(RetrainingPlace(in: folder)) }
    }

    private func json(_ result: Program.Result) throws -> [String: Any] {
        try #require(
            JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result.error)")
    }

    @Test("Good reports make a better champion, with the recipe of the old one, and are new only once")
    func goodReports() throws {
        try withPlace { place in
            let dry = try place.retrain(["--dry-run"])
            #expect(dry.status == 0 && dry.output.contains("      300  new since the last retraining"), "\(dry.error)")
            let result = try place.retrain(["--json"])
            #expect(result.status == 0, "\(result.error)")
            let found = try json(result)
            #expect(found["outcome"] as? String == "promoted" && found["version"] as? String == "2")
            let reports = try #require(found["reports"] as? [String: Int])
            #expect(reports["given"] == 300 && reports["new"] == 300 && reports["base"] == 600)
            let kinds = [
                "learned", "held-out", "duplicate", "conflicting", "in-test-set", "over-cap", "known", "refused",
            ]
            #expect(kinds.reduce(0) { $0 + (reports[$1] ?? 0) } == 300)
            #expect(try place.place.champion() == ("2", "1 2"))
            let inspected = try place.place.pinson("inspect", "mlflow:\(place.name)/2", "--json")
            #expect(inspected.output.contains("bayes"), "\(inspected.output)")

            #expect(
                try place.ask(
                    """
                    steps, versions, len(parents), parents[0].data.params["recipe"], parents[0].info.status,
                    parents[0].data.tags["pinson.retrain.outcome"], {r.info.status for r in runs},
                    [f.path for f in client.list_artifacts(parents[0].info.run_id, "retrain")]
                    """)
                    == "['promote', 'select', 'train'] [1, 2] 1 bayes FINISHED promoted {'FINISHED'} ['retrain/history.csv']"
            )
            #expect(try place.place.tags(of: 2)["pinson.retrain.run"] == found["run"] as? String)

            let again = try place.retrain()
            #expect(again.status == 0 && again.output.contains("Nothing was done: there are 0 new reports"), "\(again)")
            try place.writeReports("VALIDATED.csv", count: 40, seed: 10, append: true)
            let more = try json(place.retrain(["--json"]))
            #expect(more["outcome"] as? String == "waiting" && (more["reports"] as? [String: Int])?["new"] == 40)
        }
    }

    @Test("Wrong labels are refused with the reasons, and are not used again unless the user wants it")
    func harmfulReports() throws {
        try withPlace { place in
            try place.writeReports("BAD.csv", count: 300, seed: 20, flipped: true)
            let result = try place.retrain(["--feedback-weight", "3"], feedback: "BAD.csv")
            #expect(result.status == 1, "\(result.output)\(result.error)")
            #expect(result.output.contains("The champion of \(place.name) stays"))
            #expect(result.output.contains("Accuracy is not worse: -"), "\(result.output)")
            #expect(try place.place.champion() == ("1", "1"))
            #expect(try place.ask("versions, steps") == "[1] ['promote', 'select', 'train']")

            let again = try place.retrain(feedback: "BAD.csv")
            #expect(again.status == 0 && again.output.contains("300  left out: a retraining with them was refused"))
            let wanted = try place.retrain(["--again", "--feedback-weight", "3"], feedback: "BAD.csv")
            #expect(wanted.status == 1, "\(wanted.output)")
            // Good reports beside the bad ones are enough.
            try place.writeReports("BAD.csv", count: 300, seed: 9, append: true)
            let good = try place.retrain(feedback: "BAD.csv")
            #expect(good.status == 0 && good.output.contains("300  left out: a retraining"), "\(good.output)")
            #expect(try place.place.champion() == ("2", "1 2"))
        }
    }

    @Test("A retraining that is killed at any step goes on, and does nothing twice")
    func killed() throws {
        try withPlace { place in
            let target = ["--target", "cloud-run"]
            for step in ["select", "train", "image", "check", "promote"] {
                let wasKilled = try place.retrainKilled(after: "step \(step)\n", target)
                #expect(wasKilled, "\(step)")
                let other = try place.retrainKilled(after: "step \(step): done", target)
                #expect(other || step == "promote", "\(step)")
            }
            let last = try place.retrain(target)
            #expect(last.status == 0, "\(last.output)\(last.error)")
            #expect(try place.place.champion() == ("2", "1 2"))
            #expect(
                try place.ask("versions, steps, len(parents), parents[0].info.status")
                    == "[1, 2] ['check', 'image', 'promote', 'select', 'train'] 1 FINISHED")
        }
    }

    @Test("The commands of the page about retraining work")
    func page() throws {
        let page = Workplace.repository.appendingPathComponent("docs/retrain.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let block = try #require(text.firstMatch(of: /```sh\n(?<commands>[^`]*)```/)?.commands)
        let commands = block.split(separator: "\n")
        #expect(commands.count == 2)
        try withPlace { place in
            for command in commands {
                let arguments = command.replacing("airline", with: place.name).split(separator: " ").map(String.init)
                #expect(arguments[0] == "dist/pinson")
                let result = try TrackTests.pinson(in: place.folder, Array(arguments.dropFirst()), place.environment)
                #expect(result.status == 0 && !result.output.isEmpty, "\(command)\n\(result.error)")
            }
            #expect(try place.place.champion() == ("2", "1 2"))
        }
    }

    @Test("What is missing or wrong is said before anything is done")
    func badInput() throws {
        try withPlace { place in
            let lineage = place.folder.appendingPathComponent("VALIDATED.csv.lineage.json")
            try Data(#"{"sha256": "00"}"#.utf8).write(to: lineage)
            let changed = try place.retrain()
            #expect(changed.status == 2 && changed.error.contains("changed after it was validated"), "\(changed.error)")
            try FileManager.default.removeItem(at: lineage)
            try Data("id,text,label\na,the crew,angry\n".utf8).write(to: place.folder.appendingPathComponent("X.csv"))
            let label = try place.retrain(feedback: "X.csv")
            #expect(label.status == 2 && label.error.contains("'angry'") && label.error.contains("X.csv"))
            try Data("text,label\nthe crew,positive\n".utf8).write(to: place.folder.appendingPathComponent("Y.csv"))
            let id = try place.retrain(feedback: "Y.csv")
            #expect(id.status == 2 && id.error.contains("Y.csv, line 2: the report has no identifier"), "\(id.error)")
            let model = try place.place.pinson(
                "retrain", "moon", "--data", "BASE.csv", "--feedback", "VALIDATED.csv", "--test", "TEST.csv")
            #expect(model.status == 2 && model.error.contains("has no champion"), "\(model.error)")
            let tag = try place.retrain(["--image-repository", "localhost:5000/air:v1"])
            #expect(tag.status == 2 && tag.error.contains("without a tag"), "\(tag.error)")
            let recipe = try place.retrain(["--recipe", "logistic --moon"])
            #expect(recipe.status == 2 && recipe.error.contains("the step 'train' has failed"), "\(recipe.error)")
            let restart = try place.retrain(["--restart", "--recipe", "logistic --features word"])
            #expect(restart.status < 2 && restart.error.contains("pinson train logistic --features word --data "))
        }
    }
}
