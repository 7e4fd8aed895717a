import ArgumentParser
import Inference
import JSON
import Training

struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turns texts into vectors, in the order of the input.",
        discussion: """
            Prints JSON Lines with the keys 'text' and 'embedding'. A vector has the length 1. For a sentence encoder it \
            is the mean of the vectors of all tokens. A classifier can be used too: then it is the vector of the first \
            token.
            """)

    @OptionGroup var model: ModelArgument
    @OptionGroup var texts: TextArguments

    func run() throws {
        let encoder = try SentenceEncoder(model.open(), instructionSet: InstructionSet.chosenByUser())
        var progress = Progress(unit: "texts")
        try texts.forEachWindow { tweets, share in
            // The lines are also made on all cores.
            let lines = ParallelMap().map(tweets.map(\.text)) {
                encoder.makeWorker(tokens: ParallelMap.tokens)
            } _: { texts, worker in
                [Self.lines(texts, worker.embed(texts))]
            }
            for bytes in lines { try StandardOutput.write(bytes) }
            progress.advance(by: tweets.count, share: share)
        }
        progress.finish()
    }

    /// The lines of some texts, in UTF-8.
    private static func lines(_ texts: [String], _ vectors: [[Float]]) -> [UInt8] {
        var writer = JSONWriter()
        for (text, vector) in zip(texts, vectors) {
            writer.beginObject()
            writer.member("text", text)
            writer.key("embedding")
            writer.beginArray()
            for number in vector { writer.value(number) }
            writer.endArray()
            writer.endObject()
            writer.endLine()
        }
        return writer.bytes
    }
}
