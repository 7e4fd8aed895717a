import ArgumentParser
import Inference

struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turns texts into vectors, in the order of the input.",
        discussion: """
            Prints JSON Lines with the columns of the input and the key 'embedding'. A vector has the length 1. For a \
            sentence encoder it is the mean of the vectors of all tokens. A classifier can be used too: then it is the \
            vector of the first token.
            """)

    @OptionGroup var model: ModelArgument
    @OptionGroup var texts: TextArguments

    func run() throws {
        let encoder = try SentenceEncoder(model.open(), instructionSet: InstructionSet.chosenByUser())
        var progress = Progress(unit: "texts")
        try texts.forEachWindow { window in
            for bytes in try encoder.lines(window.tweets, path: model.model) { try StandardOutput.write(bytes) }
            progress.advance(by: window.tweets.count, share: window.share)
        }
        progress.finish()
    }
}
