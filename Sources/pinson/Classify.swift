import ArgumentParser
import Foundation
import Inference
import ModelFile
import Training

struct Classify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Classifies one text, or a stream of millions, in input order.")

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, jsonl, csv }

    @OptionGroup var model: ModelArgument
    @OptionGroup var texts: TextArguments

    @Option(help: "text, jsonl (with scores and logits) or csv.")
    var format = Format.text

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "A file, instead of stdout; there whole or not at all. With --shard a folder.", valueName: "path"),
        completion: .file())
    var output: String?

    @Flag(
        help: """
            Classify this task's part of --input alone: CLOUD_RUN_TASK_INDEX or JOB_COMPLETION_INDEX, of \
            CLOUD_RUN_TASK_COUNT or --shards. The parts, one after the other, are what one run would write.
            """)
    var shard = false

    @Option(help: "How many parts there are, where the platform does not tell.")
    var shards: Int?

    func validate() throws {
        guard !shard || texts.input != nil && texts.input != "-" && output != nil else {
            throw ValidationError("'--shard' needs '--input <file>' and '--output <folder>'.")
        }
    }

    func run() throws {
        let shard = shard ? try Shard(environment: ProcessInfo.processInfo.environment, count: shards) : nil
        guard let output else {
            return try classify(shard) { try FileHandle.standardOutput.write(contentsOf: Data($0.utf8)) }
        }
        var path = output
        if let shard {
            try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
            path = "\(output)/\(shard.name).\(format == .text ? "txt" : format.rawValue)"
        }
        let file = try AtomicFile(path: path)
        try classify(shard) { try file.append(Array($0.utf8)) }
        try file.commit()
        say("wrote \(path)")
    }

    /// Gives what there is to write, window by window.
    private func classify(_ shard: Shard?, _ write: (String) throws -> Void) throws {
        let classifier = try model.classifier()
        guard classifier.canClassify else { throw NoHead(path: model.model) }
        let scorer = Scorer(classifier)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if format == .csv, (shard?.index ?? 0) == 0 { try write("text,label,score\n") }
        var progress = Progress(unit: "tweets")
        try texts.forEachWindow(of: shard) { tweets in
            var lines = ""
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
            try write(lines)
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
