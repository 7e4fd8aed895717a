import ArgumentParser
import Foundation
import Inference
import ModelFile
import Training

/// A model whose scores another model learns.
///
/// - Source: Hinton, Vinyals and Dean 2015, "Distilling the knowledge in a neural network".
struct Teacher {
    private let classifier: Classifier
    /// The position of each label of the data among the labels of the teacher.
    private let positions: [Int]

    /// Opens a teacher.
    ///
    /// - Parameters:
    ///   - path: The model file, or a model on a tracking server.
    ///   - labels: The labels of the data.
    /// - Throws: `ValidationError` if the labels are not those of the teacher, and `ModelFileError` if the file cannot be
    ///   opened.
    init(_ path: String, labels: [String]) throws {
        classifier = try Classifier(
            ModelFile(path: FetchedModel.path(waitingFor: path)), instructionSet: InstructionSet.chosenByUser())
        guard Set(classifier.labels) == Set(labels) else {
            throw ComparisonError.differentLabels(first: labels, second: classifier.labels)
        }
        let own = classifier.labels
        positions = labels.map { own.firstIndex(of: $0) ?? 0 }
    }

    /// The probability of each class of each text, (texts, classes).
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - temperature: The divisor of the logits: above 1, it makes the probabilities more equal.
    ///   - stored: Where the scores are kept.
    /// - Returns: The probabilities.
    /// - Throws: `NotFiniteError` if the teacher has no answer for a text.
    func probabilities(_ texts: [String], temperature: Double, _ stored: StoredRows) throws -> [Double] {
        let classes = positions.count
        let scores = try stored.rows("teacher", of: texts, by: classifier.file, width: classes) { try answers(texts) }
        var result: [Double] = []
        result.reserveCapacity(scores.count)
        for text in texts.indices {
            // A power of a probability is that of the logit times the exponent, up to a factor for all classes.
            let powers = positions.map { pow(Double(scores[text * classes + $0]), 1.0 / temperature) }
            let sum = powers.reduce(0, +)
            for power in powers { result.append(power / sum) }
        }
        return result
    }

    /// The scores of all classes, in the order of the teacher's labels, (texts, classes).
    private func answers(_ texts: [String]) throws -> [Float] {
        var progress = Progress(unit: "texts", total: texts.count)
        var result: [Float] = []
        for start in stride(from: 0, to: texts.count, by: TextArguments.window) {
            let end = min(start + TextArguments.window, texts.count)
            let predictions = classifier.classifyOnAllCores(Array(texts[start..<end]))
            guard predictions.allSatisfy(\.isFinite) else { throw NotFiniteError(path: classifier.file.path) }
            for prediction in predictions { result += prediction.scores }
            progress.advance(by: end - start)
        }
        progress.finish()
        return result
    }
}
