import ArgumentParser
import Inference
import ModelFile
import Text
import Training

struct Tokenize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the token ids of texts, one JSON array for each text.",
        discussion: "Texts are not truncated. `classify` reads only as many tokens as the model allows."
    )

    @OptionGroup var model: ModelArgument
    @OptionGroup var texts: TextArguments

    @Flag(help: "Recognize special tokens such as [SEP] in texts, as Hugging Face does. The function never does.")
    var parity = false

    func run() throws {
        let file = try model.open()
        let card = try ModelCard(file)
        guard card.family == TransformerSchema.family else {
            throw ValidationError(
                "'\(model.model)' has no tokenizer, because a linear model reads n-grams. Use `pinson classify --explain` to see "
                    + "them.")
        }
        let tokenizer = try Tokenizer(file)
        // Hugging Face leaves it to its users to apply the steps of a model.
        let pipeline = try TextPipeline(parity ? [] : card.preprocessing)
        try texts.forEachWindow { window in
            let lines = window.tweets.map { tweet in
                let ids = tokenizer.encode(pipeline.apply(to: tweet.text), literals: parity ? .asHuggingFace : .asText)
                    .ids
                return "[" + ids.map(String.init).joined(separator: ", ") + "]\n"
            }
            try StandardOutput.write(Array(lines.joined().utf8))
        }
    }
}
