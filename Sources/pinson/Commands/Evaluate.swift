import ArgumentParser
import ContainerImage
import Foundation
import Inference
import Training

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the quality of a model on labelled tweets.",
        discussion: "The latency is measured on one core for each text, while all cores work on other texts."
    )

    @OptionGroup var model: ModelArgument

    @Option(
        help: ArgumentHelp(
            "A CSV or JSON Lines file with labelled tweets, or - for standard input.", valueName: "file"),
        completion: .file())
    var data: String

    @OptionGroup var labelled: LabelledData

    @Option(help: "The maximum number of tweets to read.")
    var limit: Int?

    @Option(help: "The lowest accuracy that is accepted. If it is lower, the exit code is 1.")
    var minAccuracy: Double?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard limit ?? 1 > 0 else {
            throw ValidationError("The value '\(limit ?? 0)' is invalid for '--limit <limit>': expected 1 or more.")
        }
    }

    func run() throws {
        let classifier = try model.classifier()
        let tweets = try labelled.read(
            data, limit: limit ?? .max, labels: classifier.labels, requiresLabels: true)
        let truth = tweets.compactMap { tweet in tweet.label.flatMap { classifier.labels.firstIndex(of: $0) } }
        say("evaluating \(classifier.name) on \(decimal(tweets.count)) tweets (\(classifier.instructionSet.rawValue))")

        let answers = try answer(tweets.map(\.text), classifier)
        let predictions = answers.map(\.prediction)
        guard predictions.allSatisfy(\.isFinite) else { throw NotFiniteError(path: model.model) }
        let result = Result(
            model: classifier.name, instructionSet: classifier.instructionSet.rawValue,
            metrics: Metrics(
                labels: classifier.labels, truth: truth, predicted: predictions.map(\.label),
                scores: predictions.map(\.scores)),
            truncated: predictions.count { $0.isTruncated },
            meanTokens: Double(predictions.reduce(0) { $0 + $1.tokens }) / Double(predictions.count),
            milliseconds: Percentiles(answers.map(\.milliseconds)))
        if json { try printJSON(result) } else { show(result) }
        if let minAccuracy, result.metrics.accuracy < minAccuracy {
            say("pinson: the accuracy \(fixed(result.metrics.accuracy, 4)) is below the minimum of \(minAccuracy)")
            throw ExitCode(1)
        }
    }

    private typealias Answer = (prediction: Prediction, milliseconds: Double)

    private func answer(_ texts: [String], _ classifier: Classifier) throws -> [Answer] {
        var progress = Progress(unit: "tweets", total: texts.count)
        var answers: [Answer] = []
        for start in stride(from: 0, to: texts.count, by: TextArguments.window) {
            let window = Array(texts[start..<min(start + TextArguments.window, texts.count)])
            answers += ParallelMap().map(window) {
                classifier.makeWorker()
            } _: { texts, worker in
                texts.map { text in
                    let clock = ContinuousClock()
                    var prediction: [Prediction] = []
                    let time = clock.measure { prediction = worker.classify([text]) }
                    return (prediction[0], time / .milliseconds(1))
                }
            }
            progress.advance(by: window.count)
        }
        progress.finish()
        return answers
    }

    private struct Percentiles: Encodable {
        var p50: Double
        var p95: Double
        var p99: Double

        init(_ values: [Double]) {
            let sorted = values.sorted()
            func at(_ share: Double) -> Double { sorted[min(Int(share * Double(sorted.count)), sorted.count - 1)] }
            (p50, p95, p99) = (at(0.5), at(0.95), at(0.99))
        }
    }

    private struct Result: Encodable {
        var model: String
        var instructionSet: String
        var metrics: Metrics
        var truncated: Int
        var meanTokens: Double
        var milliseconds: Percentiles
    }

    private func show(_ result: Result) {
        let metrics = result.metrics
        print("\(result.model) on \(decimal(metrics.count)) tweets of \(data)".singleLine)
        print(row("accuracy", fixed(metrics.accuracy, 4)))
        print(row("macro F1", fixed(metrics.macroF1, 4)))
        print("  label          precision   recall       F1      AUC    tweets")
        for label in metrics.perLabel {
            let numbers = [label.precision, label.recall, label.f1].map { String(format: "%9.4f", $0) }.joined()
            let auc = label.auc.map { String(format: "%9.4f", $0) } ?? "        –"
            print(
                "  " + label.label.singleLine.padding(toLength: 14, withPad: " ", startingAt: 0) + numbers + auc
                    + String(format: "%10d", label.support))
        }
        print("  confusion matrix (each row is a true label)")
        for (label, counts) in zip(metrics.perLabel, metrics.confusion) {
            print(
                "  " + label.label.singleLine.padding(toLength: 14, withPad: " ", startingAt: 0)
                    + counts.map { String(format: "%9d", $0) }.joined())
        }
        print(row("tokens per tweet", fixed(result.meanTokens, 1)))
        print(row("truncated tweets", "\(result.truncated)"))
        let times = result.milliseconds
        print(row("latency p50/p95/p99", "\(fixed(times.p50, 2)) / \(fixed(times.p95, 2)) / \(fixed(times.p99, 2)) ms"))
    }
}
