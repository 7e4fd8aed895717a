import ArgumentParser
import Inference
import Text
import Training

struct Tokenize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the token ids of texts, one JSON array a text.",
        discussion: "Texts are not truncated here; `classify` reads the first tokens only, as many as the model takes."
    )

    @OptionGroup var model: ModelArgument
    @OptionGroup var texts: TextArguments

    @Flag(help: "Take literals such as [SEP] for special tokens, as Hugging Face does; a function never does.")
    var parity = false

    func run() throws {
        let classifier = try model.classifier()
        try texts.forEachWindow { tweets, _ in
            for tweet in tweets {
                let ids = classifier.encode(tweet.text, limit: .max, literals: parity ? .asHuggingFace : .asText).ids
                print("[" + ids.map(String.init).joined(separator: ", ") + "]")
            }
        }
    }
}
