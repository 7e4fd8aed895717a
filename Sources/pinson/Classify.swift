import ArgumentParser
import Foundation
import Inference
import Training

struct Classify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Classifies one text, or a stream of millions, in input order.")

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, jsonl, csv }

    @OptionGroup var model: ModelArgument
    @OptionGroup var texts: TextArguments

    @Option(help: "text, jsonl (with scores and logits) or csv.")
    var format = Format.text

    func run() throws {
        let classifier = try model.classifier()
        guard classifier.canClassify else { throw NoHead(path: model.model) }
        let scorer = Scorer(classifier)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var header = format == .csv ? "text,label,score\n" : ""
        var progress = Progress(unit: "tweets")
        try texts.forEachWindow { tweets in
            var lines = header
            header = ""
            for (tweet, prediction) in zip(tweets, scorer.classify(tweets.map(\.text))) {
                let label = classifier.labels[prediction.label]
                let score = prediction.scores[prediction.label]
                switch format {
                case .text: lines += "\(label)\t\(fixed(Double(score), 4))\t\(oneLine(tweet.text))\n"
                case .csv: lines += "\(quoted(tweet.text)),\(quoted(label)),\(score)\n"
                case .jsonl:
                    let scores = Dictionary(uniqueKeysWithValues: zip(classifier.labels, prediction.scores))
                    let line = Line(
                        text: tweet.text, label: label, score: score, scores: scores, logits: prediction.logits)
                    lines += String(decoding: try encoder.encode(line), as: UTF8.self) + "\n"
                }
            }
            try FileHandle.standardOutput.write(contentsOf: Data(lines.utf8))
            progress.advance(by: tweets.count)
        }
        progress.finish()
    }

    private struct Line: Encodable {
        var text: String
        var label: String
        var score: Float
        var scores: [String: Float]
        var logits: [Float]
    }

    private func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }

    /// A CSV field, quoted where RFC 4180 wants it.
    private func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
