import ArgumentParser
import ContainerImage
import Foundation
import Inference
import ModelFile
import Training

struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains every approach on the same texts, and compares quality, size, time and memory.",
        discussion: """
            Each model is measured on the texts of --test, which none of them has learned from. The first answer and the \
            memory are those of the function, which is started with each model. Models that exist already can be compared \
            too, with --model.
            """)

    @Option(help: ArgumentHelp("A CSV or JSON Lines file with labelled texts.", valueName: "file"), completion: .file())
    var data: String

    @Option(
        help: ArgumentHelp(
            "A file with labelled texts to measure on. The default is a fifth of the data.", valueName: "file"),
        completion: .file())
    var test: String?

    @Option(
        help: ArgumentHelp("A model file to compare with. Repeat it for several models.", valueName: "model.gguf"),
        completion: .file(extensions: ["gguf"]))
    var model: [String] = []

    @OptionGroup var labelled: LabelledData
    @OptionGroup var recipe: RecipeOptions

    @Option(help: "The seed that divides the data.")
    var seed: UInt64 = 1

    @OptionGroup var tracking: TrackingOptions

    @Flag(help: "Print the result as JSON.")
    var json = false

    /// One line of the table.
    private struct Row: Encodable {
        var approach: String
        var accuracy: Double
        var macroF1: Double
        var trainingSeconds: Double?
        var bytes: Int
        var milliseconds: ModelAnswers.Percentiles
        var firstAnswerMilliseconds: Double?
        var residentBytes: Int64?

        /// The numbers, with names for a store of runs.
        var measurements: [String: Double] {
            var values = [
                "accuracy": accuracy, "macroF1": macroF1, "model_bytes": Double(bytes),
                "latency_p50_milliseconds": milliseconds.p50,
            ]
            values["training_seconds"] = trainingSeconds
            values["first_answer_milliseconds"] = firstAnswerMilliseconds
            values["resident_bytes"] = residentBytes.map(Double.init)
            return values
        }
    }

    func run() throws { try tracking.recording("benchmark", run) }

    private func run(_ recorder: RunRecorder?) throws {
        let read: (String) throws -> [Tweet] = {
            try labelled.read($0, limit: .max, labels: [], requiresLabels: true)
        }
        let outer = try TrainingData(data, validation: test, holdOut: 0.2, seed: seed, .keep, read)
        let sets = try TrainingData(holdingOut: 0.1, of: outer, seed: seed)
        let tweets = zip(outer.heldOut.texts, outer.heldOut.labels).map { Tweet(text: $0, label: outer.labels[$1]) }
        var rows: [Row] = []
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pinson-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for candidate in try TrainingPlan.all(recipe) {
            say("training \(candidate.name)")
            let path = folder.appendingPathComponent("model.gguf").path
            let start = ContinuousClock.now
            _ = try ModelTraining(recipe: candidate.recipe).write(to: path, named: candidate.name, sets)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            rows.append(try measure(path, candidate.name, tweets, seconds))
        }
        for name in model {
            rows.append(try measure(FetchedModel.path(waitingFor: name), name, tweets, nil))
        }
        if let recorder {
            recorder.addData(data, texts: sets.training.count, labels: sets.labels, context: "training")
            for row in rows {
                recorder.addNested(
                    row.approach, params: ["approach": row.approach], metrics: [row.measurements],
                    seconds: row.trainingSeconds ?? 0)
            }
            recorder.put(json: rows, as: "benchmark.json")
        }
        if json { try printJSON(rows) } else { show(rows, tweets.count) }
    }

    private func measure(_ path: String, _ name: String, _ tweets: [Tweet], _ seconds: Double?) throws -> Row {
        let classifier = try Classifier(ModelFile(path: path), instructionSet: InstructionSet.chosenByUser())
        if let other = tweets.first(where: { !classifier.labels.contains($0.label ?? "") }) {
            throw DataError.unknownLabel(
                path: data, line: other.line, label: other.label ?? "", known: classifier.labels)
        }
        let answers = try ModelAnswers(classifier, path: path, tweets, positive: nil)
        let metrics = Metrics(answers.predictions)
        var row = Row(
            approach: name, accuracy: metrics.accuracy, macroF1: metrics.macroF1, trainingSeconds: seconds,
            bytes: classifier.file.withBytes(\.count), milliseconds: answers.milliseconds)
        guard let program = Companion.find("function") else { return row }
        let absolute = URL(fileURLWithPath: path).path
        let function = try FunctionProcess(.init(path: program, model: absolute))
        _ = try TrialClient.ask(.init(body: #"{"text":"so good"}"#), port: function.port)
        row.firstAnswerMilliseconds = (.now - function.began) / .milliseconds(1)
        row.residentBytes = try function.memory().peak
        return row
    }

    private func show(_ rows: [Row], _ count: Int) {
        let width = max(24, rows.map(\.approach.count).max() ?? 0)
        print("\(decimal(count)) texts of \(test ?? data) that were not learned".singleLine)
        print(
            "  " + "approach".padding(toLength: width, withPad: " ", startingAt: 0)
                + "  accuracy  macro F1  training        size   p50      first answer  memory")
        for row in rows {
            let training = row.trainingSeconds.map { String(format: "%7.1f s", $0) } ?? "        –"
            let first = row.firstAnswerMilliseconds.map { String(format: "%9.1f ms", $0) } ?? "           –"
            let memory = row.residentBytes.map { String(format: "%5.1f MB", Double($0) / 1e6) } ?? "       –"
            print(
                "  " + row.approach.singleLine.padding(toLength: width, withPad: " ", startingAt: 0)
                    + String(
                        format: "  %8.4f  %8.4f  %@ %8.2f MB  %6.3f ms %@  %@", row.accuracy, row.macroF1, training,
                        Double(row.bytes) / 1e6, row.milliseconds.p50, first, memory))
        }
    }
}
