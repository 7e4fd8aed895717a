import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Inference
@testable import Packaging

/// Models of scikit-learn after packing, against what scikit-learn itself answers.
@Suite struct ScikitLearnTests {
    static let names = [
        "logistic", "logistic-sublinear", "svm-characters", "multinomial", "complement", "bernoulli", "union",
        "selected",
    ]
    private static let goldens = Workplace.repository.appendingPathComponent("Tests/InferenceTests/Goldens/scikit")

    private static func path(_ name: String) -> String { goldens.appendingPathComponent("\(name).npz").path }

    private func tweets() throws -> [String] {
        let text = try String(contentsOf: Self.goldens.appendingPathComponent("tweets.txt"), encoding: .utf8)
        return text.unicodeScalars.split(separator: "\n").map { String($0) }
    }

    /// The outputs of scikit-learn for each tweet, relative to the first label if there are three.
    private func answers(_ name: String) throws -> [[Double]] {
        let path = Self.path("answers")
        let archive = try ZipArchive(path: path, CheckpointFile.bytes(path))
        let array = try NumPyArray(#require(try archive.contents("\(name).npy")))
        return array.shape[0] == 0
            ? [] : array.values.chunked(array.shape[1]).map { row in row.count == 3 ? row.map { $0 - row[0] } : row }
    }

    private func logits(_ name: String, _ texts: [String], _ precision: Precision?) throws -> [[Double]] {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("m.gguf").path
            let report = try Packer.pack(Self.path(name), into: file, .init(precision: precision))
            #expect(report.name == name)
            let predictions = try Classifier(ModelFile(path: file)).makeWorker().classify(texts)
            return predictions.map { prediction in
                prediction.logits.dropFirst().map { Double($0) - Double(prediction.logits[0]) }
            }
        }
    }

    @Test(arguments: names)
    func aThousandTweetsHaveTheOutputsOfScikitLearn(name: String) throws {
        let (texts, wanted) = (try tweets(), try answers(name))
        #expect(texts.count == 1000 && wanted.count == 1000)
        var largest = 0.0
        for (text, (found, wanted)) in zip(texts, zip(try logits(name, texts, nil), wanted)) {
            // Two labels have one output, and the first of the others is zero.
            let wanted = wanted.count == 1 ? wanted : Array(wanted.suffix(found.count))
            #expect(found.count == wanted.count)
            for (found, wanted) in zip(found, wanted) {
                let difference = abs(found - wanted) / max(1, abs(wanted))
                largest = max(largest, difference)
                #expect(difference < 1e-5, "\(text): \(found) instead of \(wanted)")
            }
        }
        #expect(largest < 2e-6, "it was below 1e-6 when this was written")
    }

    @Test(arguments: names)
    func theExamplesOfAnExportHaveTheOutputsOfScikitLearn(name: String) throws {
        let examples = try ModelExport.open(Self.path(name)).examples
        #expect(examples.count > 30)
        for (example, found) in zip(examples, try logits(name, examples.map(\.text), .float32)) {
            let wanted =
                example.outputs.count == 1
                ? example.outputs : example.outputs.dropFirst().map { $0 - example.outputs[0] }
            for (found, wanted) in zip(found, wanted) {
                #expect(abs(found - wanted) <= 1e-5 * max(1, abs(wanted)), "\(example.text)")
            }
        }
    }

    @Test(arguments: ["logistic", "svm-characters", "union"])
    func eightBitsKeepNearlyAllLabels(name: String) throws {
        let texts = try tweets()
        func label(_ logits: [Double]) -> Int {
            logits.max().map { $0 > 0 ? 1 + (logits.firstIndex(of: $0) ?? 0) : 0 } ?? 0
        }
        let (exact, rounded) = (try logits(name, texts, .float32), try logits(name, texts, .int8))
        let flips = zip(exact, rounded).count { label($0) != label($1) }
        #expect(flips <= 15)
        #expect(zip(exact, rounded).contains { $0 != $1 })
    }

    @Test func anExportStatesItsLabelsAndItsOrigin() throws {
        let export = try ModelExport.open(Self.path("union"))
        #expect(export.labels == ["negative", "neutral", "positive"])
        #expect(export.classifier == "LogisticRegression" && export.hasProbabilities)
        #expect(export.library.hasPrefix("scikit-learn "))
        #expect(try !ModelExport.open(Self.path("svm-characters")).hasProbabilities)
        #expect(try Packer.labels(of: Self.path("logistic"), .init(labels: ["bad", "good"])) == ["bad", "good"])
        #expect(throws: PackagingError.self) { try Packer.labels(of: Self.path("logistic"), .init(labels: ["bad"])) }
    }
}

extension Array {
    /// Parts of `size` elements.
    fileprivate func chunked(_ size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<$0 + size]) }
    }
}
