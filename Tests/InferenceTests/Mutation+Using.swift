import Fixtures
import Foundation
import Inference
import ModelFile
import Testing

extension Mutation {
    /// Uses damaged copies of a model file, and expects that some are refused and that the others work.
    ///
    /// - Parameters:
    ///   - path: The model file.
    ///   - seed: Chooses what is damaged. Half of the copies are damaged mostly before the tensors.
    ///   - place: The line of the test.
    ///   - use: Uses the classifier of a copy that can be opened.
    /// - Throws: An error if the file cannot be read, or a copy cannot be written.
    static func useDamaged(
        _ path: String, seed: UInt64, _ place: SourceLocation = #_sourceLocation, _ use: (Classifier) -> Void
    ) throws {
        let original = try Data(contentsOf: URL(fileURLWithPath: path))
        let header = try ModelFile(path: path).dataOffset
        let (copy, copies) = (path + ".damaged", 400)
        var (random, opened) = (Seeded(seed), 0)
        for round in 0..<copies {
            var bytes = original
            damage(&bytes, mostlyBefore: round % 2 == 0 ? header : bytes.count, &random)
            try bytes.write(to: URL(fileURLWithPath: copy))
            guard let classifier = try? Classifier(ModelFile(path: copy)) else { continue }
            opened += 1
            use(classifier)
        }
        #expect((1..<copies).contains(opened), sourceLocation: place)
    }
}
