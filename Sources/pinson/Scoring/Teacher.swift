import ArgumentParser
import Inference
import ModelFile
import Training

/// A model whose scores another model learns, in addition to the labels.
///
/// - Source: Hinton, Vinyals and Dean 2015, "Distilling the knowledge in a neural network".
struct Teacher {
    private let classifier: Classifier
    /// The position of each label of the data among the labels of the teacher.
    private let positions: [Int]
    /// The weight of the scores; the labels have the rest.
    private let weight: Double

    /// Opens a teacher.
    ///
    /// - Parameters:
    ///   - path: The model file.
    ///   - labels: The labels of the data.
    ///   - weight: The weight of the scores, from 0 to 1; the labels have the rest.
    /// - Throws: `ValidationError` if the labels are not those of the teacher, and `ModelFileError` if the file cannot be
    ///   opened.
    init(_ path: String, labels: [String], weight: Double) throws {
        classifier = try Classifier(ModelFile(path: path), instructionSet: InstructionSet.chosenByUser())
        guard Set(classifier.labels) == Set(labels) else {
            throw ComparisonError.differentLabels(first: labels, second: classifier.labels)
        }
        let own = classifier.labels
        positions = labels.map { own.firstIndex(of: $0) ?? 0 }
        self.weight = weight
    }

    /// The probability of each class of each text, (texts, classes), as a mean of scores and labels.
    ///
    /// - Parameter part: The texts.
    /// - Returns: The probabilities.
    /// - Throws: `NotFiniteError` if the teacher has no answer for a text.
    func probabilities(_ part: TrainingData.Part) throws -> [Double] {
        var progress = Progress(unit: "texts", total: part.count)
        var result: [Double] = []
        for start in stride(from: 0, to: part.count, by: TextArguments.window) {
            let end = min(start + TextArguments.window, part.count)
            let predictions = classifier.classifyOnAllCores(Array(part.texts[start..<end]))
            guard predictions.allSatisfy(\.isFinite) else { throw NotFiniteError(path: classifier.file.path) }
            for (prediction, label) in zip(predictions, part.labels[start..<end]) {
                let sum = prediction.scores.reduce(0, +)
                for (index, position) in positions.enumerated() {
                    let score = Double(prediction.scores[position] / sum)
                    result.append(weight * score + (1 - weight) * (index == label ? 1 : 0))
                }
            }
            progress.advance(by: end - start)
        }
        progress.finish()
        return result
    }
}
