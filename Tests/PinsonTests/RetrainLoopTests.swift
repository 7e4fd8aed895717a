import Fixtures
import Foundation
import Testing

/// The whole loop: a champion is served, users report what it gets wrong, and a better model takes its place.
@Suite(
    .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"),
    .enabled(if: Python.has("mlflow"), "needs the Python package mlflow"),
    .enabled(if: Program.find("docker-registry") != nil, "needs docker-registry"))
struct RetrainLoopTests {
    private typealias Tweet = (text: String, label: String)

    /// The tweets of a file of this test, whose texts have no commas.
    private func tweets(_ file: String, _ place: RetrainingPlace) throws -> [Tweet] {
        try String(contentsOf: place.folder.appendingPathComponent(file), encoding: .utf8).split(separator: "\n")
            .dropFirst().map { line in
                let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                return (String(fields[0]), String(fields[1]))
            }
    }

    private func json(_ value: [String: Any]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
    }

    private func predict(_ text: String, _ function: FunctionProcess) throws -> (label: String, score: Double) {
        let body = try json(["text": text])
        let answer = try Client.request(port: function.port, "POST", "/predict", body: body).json()
        return (try #require(answer["label"] as? String), try #require(answer["score"] as? Double))
    }

    private func accuracy(_ model: String, on test: [Tweet], _ place: RetrainingPlace) throws -> Double {
        let function = try FunctionProcess(
            ["MODEL_PATH": model, "LOG_LEVEL": "error"], log: place.folder.appendingPathComponent("served.log"))
        let right = try test.count { try predict($0.text, function).label == $0.label }
        #expect(function.terminate() == 0)
        return Double(right) / Double(test.count)
    }

    /// Serves the champion, and sends 300 reports over HTTP, as users do who know the answer.
    ///
    /// If `onlyMistakes`, they report only what the champion gets wrong. `expected` is the label that they expect.
    private func report(
        _ tweets: [Tweet], onlyMistakes: Bool = false, _ place: RetrainingPlace, expected: (Tweet) -> String = \.label
    ) throws {
        let volume = place.folder.appendingPathComponent("volume")
        try FileManager.default.createDirectory(at: volume, withIntermediateDirectories: true)
        let function = try FunctionProcess(
            [
                "MODEL_PATH": place.folder.appendingPathComponent("weak.gguf").path, "FEEDBACK_DIR": volume.path,
                "LOG_LEVEL": "error",
            ], log: place.folder.appendingPathComponent("function.log"))
        var count = 0
        for tweet in tweets where count < 300 {
            let (predicted, score) = try predict(tweet.text, function)
            guard !onlyMistakes || predicted != tweet.label else { continue }
            let body = try json([
                "text": tweet.text, "predicted_label": predicted, "score": score, "expected_label": expected(tweet),
            ])
            #expect(try Client.request(port: function.port, "POST", "/feedback", body: body).status == 200)
            count += 1
        }
        #expect(count == 300 && function.terminate() == 0)
        let exported = try place.place.pinson("feedback", "export", volume.path, "-o", "REPORTS.jsonl")
        #expect(exported.status == 0, "\(exported.error)")
    }

    /// Accepts what users expect for every exported report, as somebody with a spreadsheet does.
    private func validate(_ place: RetrainingPlace) throws {
        let arguments = ["feedback", "validate", "REPORTS.jsonl", "-o", "VALIDATED.csv", "--annotator", "ada"]
        func run(_ options: String...) throws {
            let result = try TrackTests.pinson(in: place.folder, arguments + options, place.environment)
            #expect(result.status == 0, "\(result.error)")
        }
        try run("--to-sheet", "SHEET.csv")
        let fill = """
            import csv, sys
            rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
            for row in rows: row["label"] = row["user"]
            with open(sys.argv[1], "w", encoding="utf-8", newline="") as file:
                table = csv.DictWriter(file, rows[0].keys())
                table.writeheader()
                table.writerows(rows)
            print(len(rows), end="")
            """
        let count = try Python.run(fill, place.folder.appendingPathComponent("SHEET.csv").path)
        #expect(count == "300", "\(count)")
        try run("--from-sheet", "SHEET.csv")
    }

    /// The digest of an image in the registry.
    private func digest(_ name: String, _ place: RetrainingPlace) throws -> String {
        let shown = try place.place.pinson("image", "inspect", name, "--json")
        let json = try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: Any]
        return try #require(json?["digest"] as? String, "\(shown.error)")
    }

    private func withLoop(_ body: (RetrainingPlace, String, [String]) throws -> Void) throws {
        try Workplace.withFolder { folder in
            let registry = try RealRegistry(in: folder)
            defer { registry.stop() }
            let repository = "\(registry.host)/air"
            // The first champion is built, pushed and promoted by hand.
            let place = try RetrainingPlace(in: folder) { place in
                let built = try place.pinson("image", "build", "--model", "weak.gguf", "-o", "first.tar")
                #expect(built.status == 0, "\(built.error)")
                let pushed = try place.pinson("image", "push", "first.tar", "\(repository):champion")
                #expect(pushed.status == 0, "\(pushed.error)")
                return ["--image", pushed.output.trimmingCharacters(in: .whitespacesAndNewlines)]
            }
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent("live"), withIntermediateDirectories: true)
            try body(
                place, repository,
                [
                    "--image-repository", repository, "--target", "cloud-run", "--deploy", "cloud-run", "--deploy-to",
                    "live",
                ])
        }
    }

    @Test("Reports over HTTP become a better champion in a registry, and rollback puts the first one back")
    func wholeLoop() throws {
        try withLoop { place, repository, options in
            let first = try digest("\(repository):champion", place)
            try place.place.write("SOURCE.csv", count: 300, seed: 31, knowing: [0, 1, 2, 3, 4])
            try report(try tweets("SOURCE.csv", place), place)
            try validate(place)

            let result = try place.retrain(options + ["--json"])
            #expect(result.status == 0, "\(result.output)\(result.error)")
            let found = try #require(
                JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            let second = try digest("\(repository):champion", place)
            #expect(second != first && found["image"] as? String == "\(repository)@\(second)")
            #expect(try digest("\(repository):v2", place) == second)
            #expect(try place.place.tags(of: 2)["pinson.image"] == "\(repository)@\(second)")
            let service = place.folder.appendingPathComponent("live/service.yaml")
            #expect(try String(contentsOf: service, encoding: .utf8).contains("image: \(repository)@\(second)"))
            #expect(
                try place.ask("steps, parents[0].info.status")
                    == "['check', 'deploy', 'image', 'promote', 'push', 'select', 'train'] FINISHED")

            let model = try #require(found["folder"] as? String) + "/model.gguf"
            let weak = place.folder.appendingPathComponent("weak.gguf").path
            let test = try tweets("TEST.csv", place)
            let (before, after) = (try accuracy(weak, on: test, place), try accuracy(model, on: test, place))
            #expect(after > before + 0.05, "\(before) → \(after)")

            let back = try place.place.pinson("rollback", place.name, "--deploy", "cloud-run", "--deploy-to", "live")
            #expect(back.status == 0 && back.output.contains("Its image is \(repository)@\(first)."), "\(back)")
            #expect(try place.place.champion() == ("1", "1"))
            #expect(try digest("\(repository):champion", place) == first)
            #expect(try digest("\(repository):v2", place) == second)
            #expect(try String(contentsOf: service, encoding: .utf8).contains("image: \(repository)@\(first)"))
        }
    }

    /// The champion has learned 400 tweets; users report 300 of the others that it gets wrong.
    @Test(
        "Reports about real tweets make a better champion, and wrong labels of real tweets are refused",
        .enabled(if: Workplace.hasShared, "needs the folder of real tweets"), arguments: [false, true])
    func realTweets(areWrong: Bool) throws {
        let data = Workplace.shared.appendingPathComponent("data/airline")
        let labels = ["negative", "neutral", "positive"]
        try Workplace.withFolder { folder in
            let rows = try csv(data.appendingPathComponent("train.csv"))
            try write(Array(rows[..<400]), to: folder.appendingPathComponent("BASE.csv"))
            let test = Array(try csv(data.appendingPathComponent("test.csv")).prefix(1500))
            try write(test, to: folder.appendingPathComponent("TEST.csv"))
            let place = try RetrainingPlace(in: folder, approach: "logistic")
            try report(Array(rows[400...]), onlyMistakes: true, place) { tweet in
                guard areWrong, let index = labels.firstIndex(of: tweet.label) else { return tweet.label }
                return labels[(index + 1) % 3]
            }
            try validate(place)
            let result = try place.retrain(["--json", "--tolerate", "5"])
            let found = try #require(
                JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result.error)")
            #expect(found["outcome"] as? String == (areWrong ? "refused" : "promoted"), "\(result.output)")
            guard !areWrong else { return }
            let model = try #require(found["folder"] as? String) + "/model.gguf"
            let weak = folder.appendingPathComponent("weak.gguf").path
            let (before, after) = (try accuracy(weak, on: test, place), try accuracy(model, on: test, place))
            #expect(after > before, "\(before) → \(after)")
            print("real tweets: \(before) → \(after)")
        }
    }

    /// The tweets of a CSV file, whose texts may have quotes and commas.
    private func csv(_ file: URL) throws -> [Tweet] {
        let rows = try Python.run(
            "import csv, json, sys; print(json.dumps([[r['text'], r['label']] for r in csv.DictReader(open(sys.argv[1]))]))",
            file.path)
        let pairs = try #require(JSONSerialization.jsonObject(with: Data(rows.utf8)) as? [[String]])
        return pairs.map { ($0[0], $0[1]) }
    }

    private func write(_ tweets: [Tweet], to file: URL) throws {
        let lines = tweets.map { "\"\($0.text.replacing("\"", with: "\"\""))\",\($0.label)\n" }
        try Data(("text,label\n" + lines.joined()).utf8).write(to: file)
    }

    @Test("Reports with wrong labels change neither the champion nor the registry")
    func harmfulLoop() throws {
        try withLoop { place, repository, options in
            let first = try digest("\(repository):champion", place)
            try place.place.write("SOURCE.csv", count: 300, seed: 32, knowing: [0, 1, 2, 3, 4])
            try report(try tweets("SOURCE.csv", place), place) { $0.label == "positive" ? "negative" : "positive" }
            try validate(place)
            let result = try place.retrain(options + ["--feedback-weight", "3"])
            #expect(result.status == 1 && result.output.contains("Accuracy is not worse: -"), "\(result)")
            #expect(try place.place.champion() == ("1", "1"))
            #expect(try digest("\(repository):champion", place) == first)
            #expect(try place.place.pinson("image", "inspect", "\(repository):v2").status != 0)
            #expect(
                !FileManager.default.fileExists(atPath: place.folder.appendingPathComponent("live/service.yaml").path))
        }
    }

    @Test("A retraining that is killed while it pushes and renders goes on, and does nothing twice")
    func killedLoop() throws {
        try withLoop { place, repository, options in
            for step in ["promote: done", "push", "push: done", "deploy"] {
                #expect(try place.retrainKilled(after: "step \(step)", options), "\(step)")
            }
            let result = try place.retrain(options)
            #expect(result.status == 0, "\(result.output)\(result.error)")
            #expect(try place.place.champion() == ("2", "1 2"))
            #expect(try digest("\(repository):champion", place) == digest("\(repository):v2", place))
            #expect(
                try place.ask("versions, steps, len(parents)")
                    == "[1, 2] ['check', 'deploy', 'image', 'promote', 'push', 'select', 'train'] 1")
            let again = try place.retrain(options)
            #expect(again.status == 0 && again.output.contains("Nothing was done"), "\(again)")
        }
    }
}
