import ArgumentParser
import Files
import Foundation
import Inference

struct Classify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Classifies texts, from one to millions, in the order of the input.",
        discussion: """
            CSV and JSON Lines keep all columns of the input, in their order, and add those of the prediction. A column \
            of the input that has the name of an added column, such as 'label', gets the prefix 'input_'. If the input is \
            a pipe, each text is answered as soon as it arrives.
            """)

    @OptionGroup var model: ModelArgument
    @OptionGroup var texts: TextArguments

    @Option(help: "The format of the output. jsonl includes scores and logits.")
    var format = PredictionWriter.Format.text

    @Flag(
        help: """
            Say which words and n-grams decided: those with the largest numbers speak for the label. A linear model gives \
            the terms of its logit. For any other model, each word is left out once, which takes longer.
            """)
    var explain = false

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "A file to write instead of stdout. It appears only when it is complete. With --shard, a folder.",
            valueName: "path"),
        completion: .file())
    var output: String?

    @Flag(
        help: """
            Classify only this task's part of --input. The task is CLOUD_RUN_TASK_INDEX or JOB_COMPLETION_INDEX, of \
            CLOUD_RUN_TASK_COUNT or --shards tasks. All parts together are the output of a single run.
            """)
    var shard = false

    @Option(help: "The number of parts, if the platform does not set it.")
    var shards: Int?

    func validate() throws {
        guard !shard || texts.input != nil && texts.file != "-" && output != nil else {
            throw ValidationError("'--shard' needs '--input <file>' and '--output <folder>'.")
        }
        guard !explain || format != .csv else {
            throw ValidationError("'--explain' needs '--format text' or '--format jsonl'.")
        }
    }

    func run() throws {
        let shard = shard ? try Shard(environment: ProcessInfo.processInfo.environment, count: shards) : nil
        guard let output else {
            return try classify(shard) { try StandardOutput.write($0) }
        }
        var path = output
        if let shard {
            try createFolder(output)
            path = "\(output)/\(shard.name).\(format.fileExtension)"
        }
        let file = try AtomicFile(path: path)
        try classify(shard) { try file.append($0) }
        try file.commit()
        say("wrote \(path)")
    }

    /// Classifies the texts window by window, and passes the lines to `write`.
    private func classify(_ shard: Shard?, _ write: ([UInt8]) throws -> Void) throws {
        let classifier = try model.classifier()
        let writer = PredictionWriter(format, labels: classifier.labels, explains: explain)
        var progress = Progress(unit: "tweets")
        var needsHeader = (shard?.index ?? 0) == 0
        try texts.forEachWindow(of: shard, hasSameColumns: format == .csv) { window in
            if needsHeader { try write(writer.header(window.columns)) }
            needsHeader = false
            for bytes in try classifier.lines(window.tweets, writer, explains: explain) { try write(bytes) }
            progress.advance(by: window.tweets.count, share: window.share)
        }
        progress.finish()
    }
}

extension PredictionWriter.Format: ExpressibleByArgument {}
