import Foundation
import Inference
import ModelFile
import Packaging
import Training

/// How far a quantized model is from the checkpoint it was made from, on real texts.
struct QuantizationError: Encodable {
    var tweets: Int
    /// |quantized - float32| over all logits, or over all dimensions of the embeddings of an encoder.
    var meanAbsoluteError: Double
    var largestAbsoluteError: Double
    /// Texts whose label is another one; nil for an encoder.
    var flips: Int?
    /// Of the texts that have a label; nil where none has.
    var accuracy: Double?
    var float32Accuracy: Double?

    /// Compares `packed` with the same checkpoint packed at 32 bits, by the same code.
    static func measure(packed: String, checkpoint: String, maxTokens: Int, tweets: [Tweet]) throws -> QuantizationError
    {
        let reference = FileManager.default.temporaryDirectory.appendingPathComponent(
            "pinson-\(UUID().uuidString).gguf"
        ).path
        defer { try? FileManager.default.removeItem(atPath: reference) }
        _ = try Packer.pack(checkpoint, into: reference, .init(maxTokens: maxTokens, precision: .float32))
        let quantized = try Classifier(ModelFile(path: packed), instructionSet: .fromEnvironment())
        let exact = try Classifier(ModelFile(path: reference), instructionSet: .fromEnvironment())
        let texts = tweets.map(\.text)
        guard quantized.canClassify else {
            let scorers = (Scorer(quantized), Scorer(exact))
            return QuantizationError(tweets: texts.count, scorers.0.embed(texts), scorers.1.embed(texts))
        }
        let (found, wanted) = (Scorer(quantized).classify(texts), Scorer(exact).classify(texts))
        var error = QuantizationError(tweets: texts.count, found.map(\.logits), wanted.map(\.logits))
        error.flips = zip(found, wanted).count { $0.label != $1.label }
        let labelled = tweets.indices.filter { tweets[$0].label != nil }
        if !labelled.isEmpty {
            func accuracy(_ predictions: [Classifier.Prediction]) -> Double {
                Double(labelled.count { quantized.labels[predictions[$0].label] == tweets[$0].label })
                    / Double(labelled.count)
            }
            error.accuracy = accuracy(found)
            error.float32Accuracy = accuracy(wanted)
        }
        return error
    }

    private init(tweets: Int, _ found: [[Float]], _ wanted: [[Float]]) {
        let errors = zip(found.joined(), wanted.joined()).map { Double(abs($0 - $1)) }
        self.tweets = tweets
        meanAbsoluteError = errors.reduce(0, +) / Double(max(errors.count, 1))
        largestAbsoluteError = errors.max() ?? 0
    }

    func show() {
        print("against float32, on \(tweets) tweets:")
        print(row("mean absolute error", fixed(meanAbsoluteError, 4)))
        print(row("largest absolute error", fixed(largestAbsoluteError, 4)))
        if let flips {
            print(row("labels that change", "\(flips) (\(fixed(100 * Double(flips) / Double(tweets), 2)) %)"))
        }
        if let accuracy, let float32Accuracy {
            print(row("accuracy", "\(fixed(accuracy, 4)) (float32 \(fixed(float32Accuracy, 4)))"))
        }
    }
}
