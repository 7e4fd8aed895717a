import ArgumentParser
import Foundation
import Inference
import ModelFile
import Packaging
import Training

struct Pack: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turns a Hugging Face checkpoint into one quantized model file.",
        discussion: """
            Reads config.json, model.safetensors (or its shards) and tokenizer.json or vocab.txt of a \
            BertForSequenceClassification, a DistilBertForSequenceClassification or a sentence-transformers BERT encoder.
            """
    )

    @Argument(help: ArgumentHelp("The checkpoint's folder.", valueName: "checkpoint"), completion: .directory)
    var checkpoint: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "model.gguf"))
    var output: String

    @Option(help: "The most tokens of a text that count, with the start and end tokens.")
    var maxTokens = 128

    @Option(help: "Bits of a weight: 8; 4 for the layers, which is half the bytes; or 32 to keep them as they are.")
    var bits = 8

    @Option(help: "The model's name; the folder's if not given.")
    var name: String?

    @Option(help: ArgumentHelp("Tweets to measure the quantization error on.", valueName: "file"), completion: .file())
    var data: String?

    @Option(help: "The most tweets of --data to measure on.")
    var limit = 500

    @Flag(help: "Print the report as JSON.")
    var json = false

    func validate() throws {
        guard Precision(rawValue: bits) != nil else {
            throw ValidationError("The value '\(bits)' is invalid for '--bits <bits>': expected 4, 8 or 32.")
        }
        guard limit > 0 else {
            throw ValidationError("The value '\(limit)' is invalid for '--limit <limit>': expected 1 or more.")
        }
    }

    func run() throws {
        let tweets = try data.map { try TweetReader.readAll($0, limit: limit) }
        let options = Packer.Options(name: name, maxTokens: maxTokens, precision: Precision(rawValue: bits) ?? .int8)
        say("packing \(checkpoint) at \(bits) bits a weight, up to \(maxTokens) tokens")
        let report = try Packer.pack(checkpoint, into: output, options)
        var error: QuantizationError?
        if let tweets {
            say("measuring the quantization error on \(tweets.count) tweets")
            error = try QuantizationError.measure(
                packed: output, checkpoint: checkpoint, maxTokens: maxTokens, tweets: tweets)
        }
        if json {
            try printJSON(Result(model: report, quantization: error))
        } else {
            show(report, error)
        }
    }

    private struct Result: Encodable {
        var model: Packer.Report
        var quantization: QuantizationError?
    }

    private func show(_ report: Packer.Report, _ error: QuantizationError?) {
        print("\(output): \(report.name), \(report.architecture), \(decimal(report.parameters)) parameters")
        print(
            report.labels.isEmpty
                ? "a sentence encoder, without labels" : "labels: \(report.labels.joined(separator: ", "))")
        for part in report.parts { print(row(part.name, decimal(part.bytes) + " bytes")) }
        print(row("file", decimal(report.bytes) + " bytes"))
        if let error { error.show() }
    }
}

/// `name` and `value` in two columns.
func row(_ name: String, _ value: String) -> String {
    "  " + name.padding(toLength: max(24, name.count), withPad: " ", startingAt: 0)
        + String(repeating: " ", count: max(1, 20 - value.count)) + value
}

/// `number` with its thousands apart.
func decimal(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
        groups.insert(String(digits.suffix(3)), at: 0)
        digits.removeLast(3)
    }
    return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
}

/// `value` with so many digits behind the point.
func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
}
