import ArgumentParser
import Files
import Inference

struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turns texts into vectors, in the order of the input.",
        discussion: """
            A vector has the length 1. For a sentence encoder it is the mean of the vectors of all tokens. A classifier can \
            be used too: then it is what its head reads, which is the vector of the first token or the mean.

            jsonl is JSON Lines with the columns of the input and the key 'embedding'. csv has the columns of the input and \
            a column for each number: e0, e1, and so on. npy is an array of float32 for numpy.load, with one row for each \
            text and nothing else.
            """)

    @OptionGroup var model: ModelArgument
    @OptionGroup var texts: TextArguments

    @Option(help: "The format of the output: jsonl, csv or npy.")
    var format = EmbeddingWriter.Format.jsonl

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "A file to write instead of stdout, which npy needs. It appears only when it is complete.",
            valueName: "file"),
        completion: .file())
    var output: String?

    func validate() throws {
        guard format != .npy || output != nil else {
            throw ValidationError("'--format npy' needs '--output <file>'.")
        }
    }

    func run() throws {
        guard let output else {
            _ = try embed { try StandardOutput.write($0) }
            return
        }
        let file = try AtomicFile(path: output)
        let (writer, count) = try embed { try file.append($0) }
        if format == .npy {
            // The number of rows is known only now.
            try file.rewind()
            try file.append(writer.header([], count: count))
        }
        try file.commit()
        say("wrote \(output)")
    }

    /// Embeds the texts window by window, and passes the bytes to `write`.
    ///
    /// - Returns: What made the bytes, and the number of texts.
    private func embed(_ write: ([UInt8]) throws -> Void) throws -> (EmbeddingWriter, count: Int) {
        let encoder = try SentenceEncoder(model.open(), instructionSet: InstructionSet.chosenByUser())
        let writer = EmbeddingWriter(format, width: encoder.width)
        var (progress, count) = (Progress(unit: "texts"), 0)
        var needsHeader = true
        try texts.forEachWindow(hasSameColumns: format == .csv) { window in
            if needsHeader { try write(writer.header(window.columns, count: 0)) }
            needsHeader = false
            for bytes in try encoder.bytes(window.tweets, writer, path: model.model) { try write(bytes) }
            count += window.tweets.count
            progress.advance(by: window.tweets.count, share: window.share)
        }
        progress.finish()
        return (writer, count)
    }
}

extension EmbeddingWriter.Format: ExpressibleByArgument {}
