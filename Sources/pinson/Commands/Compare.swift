import ArgumentParser
import ContainerImage
import Files
import Foundation
import Inference
import ModelFile
import Training

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares the quality of two models on the same labelled tweets.",
        usage: """
            pinson compare [<options>] <first> <second> --data <file>
            pinson compare --shadow <file> [--json]
            """,
        discussion: """
            McNemar's paired test says how likely a difference of this size is if both models are equally good. The \
            intervals of the differences come from resamples that are the same for both models.

            With '--shadow', nothing is computed: the metrics of a function that has SHADOW_MODEL_PATH say how often its \
            shadow model disagrees. For example: curl http://localhost:8080/metrics | pinson compare --shadow -
            """)

    @Argument(
        help: "The model file to compare with, or a model on a tracking server, such as mlflow:NAME@champion.",
        completion: .file(extensions: ["gguf"]))
    var first: String?

    @Argument(help: "The other model file, or model on a tracking server.", completion: .file(extensions: ["gguf"]))
    var second: String?

    @Option(
        help: ArgumentHelp(
            "A CSV or JSON Lines file with labelled tweets, or - for standard input.", valueName: "file"),
        completion: .file())
    var data: String?

    @OptionGroup var labelled: LabelledData

    @Option(help: "The maximum number of tweets to read.")
    var limit: Int?

    @OptionGroup var options: EvaluationOptions

    @Option(
        help: ArgumentHelp("An HTML page to write about the second model, beside the first.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Option(
        help: ArgumentHelp(
            "A file with the text of a function's /metrics, or - for standard input. It takes the place of the models and "
                + "of '--data'.", valueName: "file"),
        completion: .file())
    var shadow: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard shadow == nil else {
            guard first == nil, data == nil else {
                throw ValidationError(
                    "'--shadow' reads what a function has counted. Leave out the models and '--data'.")
            }
            return
        }
        for (value, name) in [(first, "<first>"), (second, "<second>"), (data, "--data <file>")] where value == nil {
            throw ValidationError("Missing expected argument '\(name)'")
        }
        try tweets.validate()
    }

    /// The labelled tweets that both models are measured on.
    private var tweets: EvaluationData {
        var tweets = EvaluationData()
        (tweets.data, tweets.labelled, tweets.limit) = (data ?? "", labelled, limit)
        return tweets
    }

    func run() throws {
        if let shadow { return try ShadowResult(path: shadow, json: json).show() }
        guard let first, let second else { return }
        try compare(first, second)
    }

    private func compare(_ first: String, _ second: String) throws {
        let models = try [first, second].map { name in
            try Classifier(
                ModelFile(path: FetchedModel.path(waitingFor: name)), instructionSet: InstructionSet.chosenByUser())
        }
        let (labels, others) = (models[0].labels, models[1].labels)
        guard Set(labels) == Set(others) else { throw ComparisonError.differentLabels(first: labels, second: others) }
        let tweets = try self.tweets.read(labels: labels)
        let answers = try zip(models, [first, second]).map { model, path in
            say("asking \(path.singleLine)")
            return try ModelAnswers(model, path: path, tweets, positive: try options.positive(of: model.labels))
        }
        let texts = tweets.map(\.text)
        let comparison = try Comparison(
            answers[0].predictions, answers[1].predictions, texts: texts, bootstrap: options.bootstrap)
        if let report {
            func evaluation(_ answers: ModelAnswers) -> Evaluation {
                Evaluation(
                    answers.predictions, texts: texts, bootstrap: options.bootstrap, mistakes: options.mistakes)
            }
            let page = EvaluationReport(
                model: second.singleLine, data: self.tweets.data.singleLine, evaluation: evaluation(answers[1]),
                facts: zip(models, answers).enumerated().flatMap { index, side -> [EvaluationReport.Fact] in
                    let name = [first, second][index].singleLine
                    return [
                        .init("\(name): file", "\(decimal(side.0.file.withBytes(\.count))) bytes"),
                        .init("\(name): latency p50, p95, p99", side.1.milliseconds.text),
                    ]
                },
                other: .init(name: first.singleLine, evaluation: evaluation(answers[0]), comparison: comparison))
            try writeFile(page.html, to: report)
        }
        if json { try printJSON(comparison) } else { show(comparison, first, second) }
    }

    private func show(_ comparison: Comparison, _ first: String, _ second: String) {
        print(
            "\(second) beside \(first) on \(decimal(comparison.first.count)) tweets of \(self.tweets.data)".singleLine)
        print("                            first   second   difference")
        for metric in Metric.allCases {
            guard let difference = comparison.differences[metric], let old = comparison.first[metric],
                let new = comparison.second[metric]
            else { continue }
            let interval = difference.interval.map { String(format: "  (%+.4f to %+.4f)", $0.low, $0.high) } ?? ""
            print(
                "  " + metric.title.padding(toLength: 22, withPad: " ", startingAt: 0)
                    + String(format: "%9.4f%9.4f%+13.4f", old, new, difference.value) + interval)
        }
        let test = comparison.mcNemar
        print(row("both right", decimal(comparison.bothRight)))
        print(row("only the first right", decimal(test.onlyFirst)))
        print(row("only the second right", decimal(test.onlySecond)))
        print(row("both wrong", decimal(comparison.bothWrong)))
        print(row("McNemar, exact p", test.exactP < 0.0001 ? "< 0.0001" : fixed(test.exactP, 4)))
        print("  \(verdict(test))")
    }

    private func verdict(_ test: McNemar) -> String {
        guard test.exactP < 0.05 else { return "The data does not show that one of the models is better." }
        return "The \(test.onlySecond > test.onlyFirst ? "second" : "first") model is better; chance alone would "
            + "seldom give this difference."
    }
}
