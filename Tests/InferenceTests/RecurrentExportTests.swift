import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Inference
@testable import Packaging

/// LSTMs of Keras and PyTorch after packing, against what these libraries answer; `make_lstm_goldens.py` has made them.
@Suite("Imported recurrent models") struct RecurrentExportTests {
    static let names = [
        "keras-masked", "keras-padded", "keras-mean", "torch-last", "torch-mean", "torch-end",
    ]
    private static let goldens = Workplace.repository.appendingPathComponent("Tests/InferenceTests/Goldens")

    private static func path(_ name: String) -> String { goldens.appendingPathComponent("lstm/\(name).npz").path }

    private func tweets() throws -> [String] {
        let text = try String(contentsOf: Self.goldens.appendingPathComponent("scikit/tweets.txt"), encoding: .utf8)
        return text.unicodeScalars.split(separator: "\n").map { String($0) }
    }

    private func predictions(_ name: String, _ texts: [String], _ precision: Precision?) throws -> [Prediction] {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("m.gguf").path
            _ = try Packer.pack(Self.path(name), into: file, .init(precision: precision))
            return try Classifier(ModelFile(path: file)).makeWorker().classify(texts)
        }
    }

    @Test("A thousand tweets have the probabilities of the library", arguments: names)
    func probabilities(name: String) throws {
        let path = Self.path("answers")
        let archive = try ZipArchive(path: path, CheckpointFile.bytes(path))
        let wanted = try ArchivedArray(#require(try archive.contents("\(name).npy")))
        let found = try predictions(name, tweets(), nil)
        #expect(found.count == 1000 && wanted.rows == 1000)
        var (compared, largest) = (0, 0.0)
        for (row, prediction) in found.enumerated() {
            let expected = wanted.row(row)
            #expect(prediction.scores.count == expected.count)
            guard expected.allSatisfy({ !$0.isNaN }) else { continue }
            compared += 1
            for (found, expected) in zip(prediction.scores, expected) {
                largest = max(largest, abs(Double(found) - expected))
            }
        }
        #expect(compared > 980)
        #expect(largest < 1e-5, "\(largest)")
    }

    @Test("The examples of an export have the outputs of the library", arguments: names)
    func examples(name: String) throws {
        let export = try ModelExport.open(Self.path(name))
        #expect(export.examples.count > 25 && export.library.contains(name.hasPrefix("keras") ? "keras" : "torch"))
        for (example, found) in zip(
            export.examples, try predictions(name, export.examples.map(\.text), .float32))
        {
            let logits = found.logits.map(Double.init)
            let found = example.outputs.count == 1 ? [logits[1] - logits[0]] : logits
            for (found, wanted) in zip(found, example.outputs) {
                #expect(abs(found - wanted) <= 1e-5 * max(1, abs(wanted)), "\(example.text)")
            }
        }
    }

    @Test("With 8 bits, nearly all labels stay", arguments: names)
    func eightBits(name: String) throws {
        let texts = try tweets()
        let (exact, rounded) = (try predictions(name, texts, .float32), try predictions(name, texts, .int8))
        let flips = zip(exact, rounded).count { $0.label != $1.label }
        #expect(flips <= 30)
        #expect(zip(exact, rounded).contains { $0.logits != $1.logits })
    }
}

/// A matrix of an archive of NumPy, in which values may be no numbers.
private struct ArchivedArray {
    private let values: [Double]
    private let columns: Int

    init(_ bytes: [UInt8]) throws {
        let array = try NumPyArray(bytes)
        (values, columns) = (array.values, array.shape[1])
    }

    var rows: Int { values.count / columns }

    func row(_ index: Int) -> [Double] { Array(values[index * columns..<(index + 1) * columns]) }
}
