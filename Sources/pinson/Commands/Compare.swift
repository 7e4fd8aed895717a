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
        discussion: """
            McNemar's paired test says how likely a difference of this size is if both models are equally good. The \
            intervals of the differences come from resamples that are the same for both models.
            """)

    @Argument(
        help: "The model file to compare with, or a model on a tracking server, such as mlflow:NAME@champion.",
        completion: .file(extensions: ["gguf"]))
    var first: String

    @Argument(help: "The other model file, or model on a tracking server.", completion: .file(extensions: ["gguf"]))
    var second: String

    @OptionGroup var tweets: EvaluationData
    @OptionGroup var options: EvaluationOptions

    @Option(
        help: ArgumentHelp("An HTML page to write about the second model, beside the first.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() throws {
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
        if json { try printJSON(comparison) } else { show(comparison) }
    }

    private func show(_ comparison: Comparison) {
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
