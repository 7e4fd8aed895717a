import ArgumentParser
import ContainerImage
import Files
import Foundation
import Inference
import ModelFile
import Training

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the quality of a model on labelled tweets.",
        discussion: """
            The intervals of 95 % come from resamples of the tweets. The latency is measured on one core for each text, \
            while all cores work on other texts. If the data has a column 'category', the quality on each category is \
            shown too.
            """
    )

    @OptionGroup var model: ModelArgument

    @OptionGroup var tweets: EvaluationData
    @OptionGroup var options: EvaluationOptions

    @Option(help: "The lowest accuracy that is accepted. If it is lower, the exit code is 1.")
    var minAccuracy: Double?

    @Option(
        help: ArgumentHelp("An HTML page to write, with curves, slices and mistakes.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @OptionGroup var tracking: TrackingOptions

    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() throws { try tracking.recording("evaluate", run) }

    private func run(_ recorder: RunRecorder?) throws {
        let classifier = try model.classifier()
        let positive = try options.positive(of: classifier.labels)
        let tweets = try self.tweets.read(labels: classifier.labels)
        say("evaluating \(classifier.name) on \(decimal(tweets.count)) tweets (\(classifier.instructionSet.rawValue))")
        let answers = try ModelAnswers(classifier, path: model.model, tweets, positive: positive)
        let categories = tweets.map(\.category)
        let evaluation = Evaluation(
            answers.predictions, texts: tweets.map(\.text),
            categories: categories.contains { $0 != nil } ? categories : [],
            bootstrap: options.bootstrap, mistakes: options.mistakes)
        if report != nil || recorder != nil {
            let page = EvaluationReport(
                model: classifier.name.singleLine, data: self.tweets.data.singleLine, evaluation: evaluation,
                facts: [
                    .init("Model file", "\(decimal(classifier.file.withBytes(\.count))) bytes"),
                    .init("Latency p50, p95, p99", answers.milliseconds.text),
                    .init("Tokens per tweet", fixed(answers.meanTokens, 1)),
                    .init("Instruction set", classifier.instructionSet.rawValue),
                ])
            if let report { try writeFile(page.html, to: report) }
            recorder?.add(evaluation, page: page)
            recorder?.addData(self.tweets.data, texts: tweets.count, labels: classifier.labels, context: "evaluation")
            recorder?.addModel(classifier.file.path, classifier)
            recorder?.log(
                params: ["model": model.model],
                metrics: [
                    "latency_p50_milliseconds": answers.milliseconds.p50,
                    "latency_p99_milliseconds": answers.milliseconds.p99,
                ])
        }
        if json {
            try printJSON(Result(classifier, evaluation, answers))
        } else {
            EvaluationText(evaluation, answers).show(
                title: "\(classifier.name) on \(decimal(tweets.count)) tweets of \(self.tweets.data)")
        }
        let accuracy = evaluation.metrics.accuracy
        if let minAccuracy, accuracy < minAccuracy {
            say("pinson: the accuracy \(fixed(accuracy, 4)) is below the minimum of \(minAccuracy)")
            throw ExitCode(1)
        }
    }

    /// The JSON form: all measurements, without the points of the curves.
    private struct Result: Encodable {
        var model: String
        var instructionSet: String
        var metrics: Metrics
        var intervals: MetricIntervals?
        var slices: [EvaluationSlice]
        var categories: [EvaluationSlice]
        var mistakes: [Mistake]
        var truncated: Int
        var meanTokens: Double
        var milliseconds: ModelAnswers.Percentiles

        init(_ classifier: Classifier, _ evaluation: Evaluation, _ answers: ModelAnswers) {
            model = classifier.name
            instructionSet = classifier.instructionSet.rawValue
            (metrics, intervals) = (evaluation.metrics, evaluation.intervals)
            (slices, categories) = (evaluation.slices, evaluation.categories)
            mistakes = evaluation.mistakes
            (truncated, meanTokens) = (answers.truncated, answers.meanTokens)
            milliseconds = answers.milliseconds
        }
    }
}
