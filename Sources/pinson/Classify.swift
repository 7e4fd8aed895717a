import ArgumentParser
import Foundation
import Inference
import ModelFile
import Training

struct Classify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Classifies one text, or a stream of millions, in input order.")

    @OptionGroup var model: ModelArgument
    @OptionGroup var texts: TextArguments

    @Option(help: "text, jsonl (with scores and logits) or csv.")
    var format = PredictionWriter.Format.text

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
            return try classify(shard) { try FileHandle.standardOutput.write(contentsOf: Data($0)) }
        }
        var path = output
        if let shard {
            try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
            path = "\(output)/\(shard.name).\(format == .text ? "txt" : format.rawValue)"
        }
        let file = try AtomicFile(path: path)
        try classify(shard) { try file.append($0) }
        try file.commit()
        say("wrote \(path)")
    }

    /// Gives what there is to write, window by window.
    private func classify(_ shard: Shard?, _ write: ([UInt8]) throws -> Void) throws {
        let classifier = try model.classifier()
        guard classifier.canClassify else { throw NoHead(path: model.model) }
        let scorer = Scorer(classifier)
        let writer = PredictionWriter(format, labels: classifier.labels)
        if (shard?.index ?? 0) == 0 { try write(Array(writer.header.utf8)) }
        var progress = Progress(unit: "tweets")
        try texts.forEachWindow(of: shard) { tweets, share in
            // Lines are made where the scores are, on all cores.
            let lines = scorer.map(tweets) { slice, workspace in
                var bytes: [UInt8] = []
                for (tweet, prediction) in zip(slice, classifier.classify(slice.map(\.text), in: workspace)) {
                    writer.write(tweet.text, prediction, to: &bytes)
                }
                return [bytes]
            }
            for bytes in lines { try write(bytes) }
            progress.advance(by: tweets.count, share: share)
        }
        progress.finish()
    }
}

extension PredictionWriter.Format: ExpressibleByArgument {}
