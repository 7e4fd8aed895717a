import Foundation
import Inference
import ModelFile
import Packaging
import Training

/// The difference between a quantized model and the checkpoint that it was made from, on real texts.
struct QuantizationError: Encodable {
    /// The number of texts.
    var tweets: Int
    /// The mean of |quantized - float32| over all logits, or over all dimensions of an encoder's vectors.
    var meanAbsoluteError: Double
    /// The largest of these differences.
    var largestAbsoluteError: Double
    /// The number of texts that get another label.
    ///
    /// Nil for an encoder.
    var flips: Int?
    /// The accuracy on the texts that have a label.
    ///
    /// Nil if none has.
    var accuracy: Double?
    /// The accuracy of the checkpoint on the same texts.
    var float32Accuracy: Double?

    /// Compares a packed model with the same checkpoint packed at 32 bits, which the same code evaluates.
    ///
    /// - Parameters:
    ///   - packed: The model file.
    ///   - checkpoint: The folder of the checkpoint.
    ///   - options: The options that the model was packed with.
    ///   - tweets: The texts. Their labels must be labels of the model.
    ///   - set: The instruction set of the kernels.
    /// - Returns: The differences.
    /// - Throws: `PackagingError` or `FileError` if the checkpoint cannot be packed again, `ModelFileError` if a model
    ///   file is not valid, and `NotFiniteError` if a model has no answer for a text.
    static func measure(
        packed: String, checkpoint: String, _ options: Packer.Options, tweets: [Tweet],
        instructionSet set: InstructionSet
    ) throws -> QuantizationError {
        let folder = FileManager.default.temporaryDirectory
        let reference = folder.appendingPathComponent("pinson-\(UUID().uuidString).gguf").path
        defer { try? FileManager.default.removeItem(atPath: reference) }
        var exact = options
        exact.precision = .float32
        _ = try Packer.pack(checkpoint, into: reference, exact)
        let files = try (quantized: ModelFile(path: packed), exact: ModelFile(path: reference))
        let texts = tweets.map(\.text)
        if try ModelCard(files.quantized).labels.isEmpty {
            return try QuantizationError(
                texts.count, packed, SentenceEncoder(files.quantized, instructionSet: set).embedOnAllCores(texts),
                SentenceEncoder(files.exact, instructionSet: set).embedOnAllCores(texts))
        }
        let quantized = try Classifier(files.quantized, instructionSet: set)
        let found = quantized.classifyOnAllCores(texts)
        let wanted = try Classifier(files.exact, instructionSet: set).classifyOnAllCores(texts)
        var error = try QuantizationError(texts.count, packed, found.map(\.logits), wanted.map(\.logits))
        error.flips = zip(found, wanted).count { $0.label != $1.label }
        error.accuracy = accuracy(found, tweets, quantized.labels)
        error.float32Accuracy = accuracy(wanted, tweets, quantized.labels)
        return error
    }

    private static func accuracy(_ predictions: [Prediction], _ tweets: [Tweet], _ labels: [String]) -> Double? {
        let labelled = zip(predictions, tweets).filter { $1.label != nil }
        guard !labelled.isEmpty else { return nil }
        return Double(labelled.count { labels[$0.label] == $1.label }) / Double(labelled.count)
    }

    private init(
        _ tweets: Int, _ path: String, _ found: [[Float]], _ wanted: [[Float]]
    ) throws(NotFiniteError) {
        let errors = zip(found.joined(), wanted.joined()).map { Double(abs($0 - $1)) }
        guard errors.allSatisfy(\.isFinite) else { throw NotFiniteError(path: path) }
        self.tweets = tweets
        meanAbsoluteError = errors.reduce(0, +) / Double(max(errors.count, 1))
        largestAbsoluteError = errors.max() ?? 0
    }

    func show() {
        print("compared with float32, on \(tweets) tweets:")
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
