import Foundation
import Inference
import ModelFile
import Packaging

/// How much a packed model differs from the library that has trained it, on the texts of its export.
struct ReferenceAnswers: Encodable {
    /// The library, such as `scikit-learn 1.9.1`.
    var library: String
    /// The number of texts.
    var texts: Int
    /// The largest difference between two outputs, divided by the size of the output if it is more than 1.
    var largestDifference: Double
    /// Whether the library has probabilities for this model, with which the scores agree.
    var hasProbabilities: Bool

    /// The largest difference with which a model is packed.
    private static let tolerance = 1e-5

    /// Packs a model with 32 bits, and compares its outputs with those of the library.
    ///
    /// - Parameters:
    ///   - export: The model.
    ///   - path: The file of the model.
    /// - Throws: `ReferenceMismatch` if an output differs by more than the tolerance, and `PackagingError`, `FileError` or
    ///   `ModelFileError` if the model cannot be packed.
    init(_ export: any ExportedModel, path: String) throws {
        let folder = FileManager.default.temporaryDirectory
        let file = folder.appendingPathComponent("pinson-\(UUID().uuidString).gguf").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        _ = try Packer.pack(path, into: file, Packer.Options(precision: .float32))
        let worker = try Classifier(ModelFile(path: file)).makeWorker()
        var largest = 0.0
        for example in export.examples {
            let logits = worker.classify([example.text])[0].logits.map(Double.init)
            let found = example.outputs.count == 1 ? [logits[1] - logits[0]] : logits
            for (found, wanted) in zip(found, example.outputs) {
                let difference = abs(found - wanted) / max(1, abs(wanted))
                guard difference <= Self.tolerance else {
                    throw ReferenceMismatch(
                        path: path, library: export.library, text: example.text, found: found, wanted: wanted)
                }
                largest = max(largest, difference)
            }
        }
        self.init(
            library: export.library, texts: export.examples.count, largestDifference: largest,
            hasProbabilities: export.hasProbabilities)
    }

    private init(library: String, texts: Int, largestDifference: Double, hasProbabilities: Bool) {
        self.library = library
        self.texts = texts
        self.largestDifference = largestDifference
        self.hasProbabilities = hasProbabilities
    }

    func show() {
        print("compared with \(library), on \(texts) texts, before rounding to fewer bits:")
        print(row("largest difference", String(format: "%.1e", largestDifference)))
        if !hasProbabilities {
            print("note: this classifier has no probabilities in \(library); the scores are a softmax of its decisions")
        }
    }
}

/// A packed model that answers differently than the library that has trained it.
struct ReferenceMismatch: Error, CustomStringConvertible {
    let path: String
    let library: String
    let text: String
    let found: Double
    let wanted: Double

    var description: String {
        "\(path): the packed model would compute \(found) for the text '\(text)', but \(library) computes \(wanted). "
            + "Nothing is written. Export the model again; if the difference stays, please report it with the file."
    }
}
