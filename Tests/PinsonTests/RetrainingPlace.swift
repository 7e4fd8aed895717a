import Fixtures
import Foundation

/// A champion that does not know some words, and reports of tweets with these words: what the tests of retraining need.
struct RetrainingPlace {
    let place: PromotionPlace
    var name: String { place.name }
    var folder: URL { place.folder }

    /// Trains a champion from BASE.csv, and promotes it on TEST.csv, which are in the folder already.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - approach: The approach of `pinson train`.
    /// - Throws: `Client.Failure` if the model cannot be trained or promoted.
    init(in folder: URL, approach: String) throws {
        place = try PromotionPlace(in: folder, writesTest: false)
        let trained = try place.pinson("train", approach, "--data", "BASE.csv", "-o", "weak.gguf", isTracked: false)
        guard trained.status == 0, try place.promote("weak.gguf").status == 0 else { throw Client.Failure() }
    }

    /// Trains and promotes a champion that knows the words of two categories out of five.
    ///
    /// - Parameters:
    ///   - folder: An existing folder.
    ///   - options: Returns more options for the promotion of the champion.
    /// - Throws: `Client.Failure` if the model cannot be trained or promoted, and the errors of `options`.
    init(in folder: URL, promoting options: (PromotionPlace) throws -> [String] = { _ in [] }) throws {
        place = try PromotionPlace(in: folder)
        try place.train("weak.gguf", knowing: [0, 2])
        let arguments = ["promote", "weak.gguf", "--name", place.name, "--data", "TEST.csv"] + (try options(place))
        guard try TrackTests.pinson(in: folder, arguments, environment).status == 0 else { throw Client.Failure() }
        try place.write("BASE.csv", count: 600, seed: 1, knowing: [0, 2])
        try writeReports("VALIDATED.csv", count: 300, seed: 9)
    }

    /// Writes validated reports about tweets of all categories, as `pinson feedback validate` would, with their lineage.
    ///
    /// - Parameters:
    ///   - file: The name of the file.
    ///   - count: The number of reports.
    ///   - seed: Chooses the texts.
    ///   - flipped: Whether the labels are wrong.
    ///   - append: Whether the reports are added to those of the file.
    /// - Throws: An error of Foundation if a file cannot be written.
    func writeReports(_ file: String, count: Int, seed: UInt64, flipped: Bool = false, append: Bool = false) throws {
        try place.write("SOURCE.csv", count: count, seed: seed, knowing: [0, 1, 2, 3, 4])
        let path = folder.appendingPathComponent(file)
        var text =
            append
            ? try String(contentsOf: path, encoding: .utf8)
            : "id,text,label,predicted,score,model,time,status,annotator,note\n"
        let source = try String(contentsOf: folder.appendingPathComponent("SOURCE.csv"), encoding: .utf8)
        for (index, line) in source.split(separator: "\n").dropFirst().enumerated() {
            let fields = line.split(separator: ",")
            let other = fields[1] == "positive" ? "negative" : "positive"
            let (label, predicted) = flipped ? (other, String(fields[1])) : (String(fields[1]), other)
            text += "s\(seed)-\(index),\(fields[0]),\(label),\(predicted),0.7,weak,"
            text += "2026-03-01T10:00:\(10 + index % 50)Z,corrected,ada,\n"
        }
        try Data(text.utf8).write(to: path)
        let sum = try Program.run(URL(fileURLWithPath: "/usr/bin/sha256sum"), [path.path]).output.prefix(64)
        try Data(#"{"sha256": "\#(sum)"}"#.utf8).write(to: folder.appendingPathComponent("\(file).lineage.json"))
    }

    /// The arguments of `pinson retrain`.
    func arguments(_ options: [String], feedback: String = "VALIDATED.csv") -> [String] {
        ["retrain", name, "--data", "BASE.csv", "--feedback", feedback, "--test", "TEST.csv", "--resamples", "200"]
            + options
    }

    /// The environment of `pinson`.
    var environment: [String: String] {
        [
            "MLFLOW_TRACKING_URI": "http://127.0.0.1:\(place.server.port)",
            "XDG_CACHE_HOME": folder.appendingPathComponent("cache").path,
        ]
    }

    func retrain(_ options: [String] = [], feedback: String = "VALIDATED.csv") throws -> Program.Result {
        try TrackTests.pinson(in: folder, arguments(options, feedback: feedback), environment)
    }

    /// Runs `pinson retrain`, and kills it as soon as it has said something.
    ///
    /// - Parameters:
    ///   - message: The text on stderr after which it is killed.
    ///   - options: More options.
    /// - Returns: Whether it was killed before it ended by itself.
    /// - Throws: An error of Foundation if it cannot be started.
    func retrainKilled(after message: String, _ options: [String]) throws -> Bool {
        let process = Process()
        process.executableURL = Workplace.binary("pinson")
        process.arguments = arguments(options)
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !text.contains(message) {
            let data = pipe.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            text += String(decoding: data, as: UTF8.self)
        }
        let isRunning = process.isRunning
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return isRunning && process.terminationReason == .uncaughtSignal
    }

    /// What MLflow's own client says about the retrainings: the expression is about `client`, `runs`, `parents` and `steps`.
    func ask(_ expression: String) throws -> String {
        let script = """
            import sys
            from mlflow import MlflowClient
            client, name = MlflowClient(sys.argv[1]), sys.argv[2]
            runs = client.search_runs([client.get_experiment_by_name(name).experiment_id], max_results=500)
            parents = [r for r in runs if "pinson.retrain" in r.data.tags]
            ids = {r.info.run_id for r in parents}
            steps = sorted(r.data.tags["mlflow.runName"] for r in runs if r.data.tags.get("mlflow.parentRunId") in ids)
            versions = sorted(int(v.version) for v in client.search_model_versions(f"name='{name}'"))
            print(\(expression), end="")
            """
        return try Python.run(script, "http://127.0.0.1:\(place.server.port)", name)
    }
}
