import ArgumentParser
import ContainerImage
import Files
import Foundation
import Inference
import ModelFile
import Packaging
import Tracking
import Training

struct Pack: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turns a Hugging Face checkpoint, or a model of scikit-learn, Keras or PyTorch, into one model file.",
        discussion: """
            The checkpoint must be a classifier built like BERT, DistilBERT, RoBERTa, XLM-R, ELECTRA, MPNet or ALBERT, or an \
            encoder of sentence-transformers. Its folder must contain config.json, model.safetensors or pytorch_model.bin \
            (or their shards), and tokenizer.json or the older files of a tokenizer.

            A model of scikit-learn is a file that docs/pinson_export.py has written, and an LSTM of Keras or PyTorch one of \
            docs/pinson_lstm_export.py. Before it is packed, the answers to some texts are compared with those of the library.
            """
    )

    @Argument(
        help: ArgumentHelp(
            """
            The folder of the checkpoint, the file of an exported model, or a model on a tracking server to copy, such as \
            mlflow:NAME@champion.
            """,
            valueName: "checkpoint"), completion: .directory)
    var checkpoint: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "model.gguf"))
    var output: String

    @Option(
        help: """
            The maximum number of tokens of a text that a checkpoint's model reads, with the start and end tokens. The default \
            is 128.
            """)
    var maxTokens: Int?

    @Option(
        help: """
            The bits of a weight: 8, 4 (which halves the layers), or 32 (which keeps the weights as they are). The default is \
            8 for a checkpoint, and 32 for an exported model.
            """)
    var bits: Int?

    @Option(help: "The name of the model. The default is the name of the folder.")
    var name: String?

    @Option(
        help: ArgumentHelp(
            "The labels, separated by commas, in the order of their ids. The default is those of the checkpoint.",
            valueName: "labels"),
        transform: Pack.labels)
    var labels: [String]?

    @Option(
        help: ArgumentHelp(
            "The folder of the tokenizer. The default is the folder of the checkpoint.", valueName: "folder"),
        completion: .directory)
    var tokenizer: String?

    @Option(
        help: ArgumentHelp(
            """
            The text preset that changes tweets before a checkpoint's tokenizer reads them, or 'none'. The default is 'cardiff' \
            for the twitter-roberta and twitter-xlm-roberta models of Cardiff NLP, and 'none' for all others.
            """, valueName: "preset"))
    var preprocess: String?

    @OptionGroup var about: DescriptionOptions

    @Option(
        help: ArgumentHelp(
            "A CSV or JSON Lines file with tweets, to measure the quantization error. Labels are optional.",
            valueName: "file"),
        completion: .file())
    var data: String?

    @OptionGroup var labelled: LabelledData

    @Option(help: "The maximum number of tweets of --data to use.")
    var limit = 500

    @Flag(help: "Print the report as JSON.")
    var json = false

    func validate() throws {
        if let bits, Precision(rawValue: bits) == nil {
            throw ValidationError("The value '\(bits)' is invalid for '--bits <bits>': expected 4, 8 or 32.")
        }
        guard limit > 0 else {
            throw ValidationError("The value '\(limit)' is invalid for '--limit <limit>': expected 1 or more.")
        }
        guard labelled.isEmpty || data != nil else {
            throw ValidationError("'--text-column', '--label-column', '--map' and '--on-error' need '--data <file>'.")
        }
    }

    private static func labels(_ text: String) -> [String] {
        // Scalars are compared, because a combining mark after the comma forms one character with it.
        text.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false)
            .map { String($0).trimmingCharacters(in: .whitespaces) }
    }

    func run() throws {
        guard try ModelReference(checkpoint) == nil else { return try copy() }
        var options = Packer.Options(
            name: name, maxTokens: maxTokens ?? 128, precision: bits.flatMap { Precision(rawValue: $0) }, labels: labels
        )
        options.tokenizer = tokenizer
        options.preprocessing = preprocess
        options.description = about.modelDescription
        let tweets = try data.map { path in
            let labels = try Packer.labels(of: checkpoint, options)
            return try labelled.read(path, limit: limit, labels: labels, requiresLabels: false)
        }
        let differences = ScikitLearnExport.isFile(checkpoint) ? try check() : nil
        if differences == nil {
            say("packing \(checkpoint) with \(bits ?? 8) bits per weight and up to \(options.maxTokens) tokens")
        }
        var report = try Packer.pack(checkpoint, into: output, options)
        var error: QuantizationError?
        if let tweets {
            say("measuring the quantization error on \(tweets.count) tweets")
            error = try QuantizationError.measure(
                packed: output, checkpoint: checkpoint, options, tweets: tweets, instructionSet: .chosenByUser())
        }
        if let tweets, !report.labels.isEmpty {
            let classifier = try Classifier(ModelFile(path: output), instructionSet: .chosenByUser())
            let texts = tweets.map(\.text)
            report.bytes = try classifier.keepStatistics(of: texts, classifier.classifyOnAllCores(texts))
        }
        if json {
            try printJSON(Result(model: report, quantization: error, reference: differences))
        } else {
            show(report, error)
            differences?.show()
        }
    }

    /// Compares an exported model with the library that has trained it, before anything is written.
    private func check() throws -> ReferenceAnswers {
        guard tokenizer == nil, maxTokens == nil, preprocess == nil else {
            throw ValidationError(
                "'--tokenizer', '--max-tokens' and '--preprocess' need the folder of a checkpoint, but '\(checkpoint)' is a file."
            )
        }
        let export = try ModelExport.open(checkpoint)
        say("packing \(checkpoint), a \(export.classifier) of \(export.library)")
        return try ReferenceAnswers(export, path: checkpoint)
    }

    /// Copies a model of a tracking server, which is packed already.
    private func copy() throws {
        let file = try ModelFile(path: FetchedModel.path(waitingFor: checkpoint))
        let copy = try AtomicFile(path: output)
        try file.withBytes { bytes throws in try copy.append(bytes) }
        try copy.commit()
        print("\(output): \(try ModelCard(file).name), a copy of \(checkpoint)".singleLine)
    }

    private struct Result: Encodable {
        var model: PackingReport
        var quantization: QuantizationError?
        var reference: ReferenceAnswers?
    }

    private func show(_ report: PackingReport, _ error: QuantizationError?) {
        print(
            "\(output): \(report.name), \(report.architecture), \(decimal(report.parameters)) parameters".singleLine)
        print(
            report.labels.isEmpty
                ? "a sentence encoder without labels" : "labels: \(report.labels.joined(separator: ", "))".singleLine)
        if let steps = report.preprocessing, !steps.isEmpty {
            print("steps before the tokenizer: \(steps.joined(separator: ", "))")
        }
        for part in report.parts { print(row(part.name, decimal(part.bytes) + " bytes")) }
        print(row("file", decimal(report.bytes) + " bytes"))
        if let shared = report.sharedFingerprints {
            print("n-grams that 8 bits take for another one, and '--bits 32' does not: \(decimal(shared))")
        }
        if let error { error.show() }
    }
}
