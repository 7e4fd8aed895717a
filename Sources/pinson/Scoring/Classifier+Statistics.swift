import Alerts
import Inference
import ModelFile
import Packaging

extension Classifier {
    /// The number of texts that are enough to say what texts are like.
    static let fewestTexts = 50

    /// Adds to the model file what texts and their predictions are like, so that the function can notice a change.
    ///
    /// - Parameters:
    ///   - texts: Texts that the model has not learned from.
    ///   - predictions: Their predictions.
    ///   - recipe: How the model was trained, which is added too; nil if it was not.
    ///   - limit: The most bytes of the file, or nil. Without room for them, the file is left as it is.
    /// - Returns: The bytes of the file.
    /// - Throws: `FileError` or `ModelFileError` if the file cannot be written.
    func keepStatistics(
        of texts: [String], _ predictions: [Prediction], _ recipe: TrainingRecipe? = .ofThisCommand, limit: Int? = nil
    ) throws -> Int {
        let bytes = file.withBytes(\.count)
        var sample = Sample(labels: labels.count)
        for (text, prediction) in zip(texts, predictions) {
            sample.add(
                text, label: prediction.label, score: prediction.scores[prediction.label], tokens: prediction.tokens,
                unknownTokens: prediction.unknownTokens)
        }
        let statistics = sample.texts < Self.fewestTexts ? nil : sample.statistics
        let entries = (statistics?.entries ?? []) + (recipe?.entries ?? [])
        // The header ends on a page boundary, so it can grow by a page.
        guard !entries.isEmpty, limit.map({ bytes + ModelFile.pageSize <= $0 }) ?? true else { return bytes }
        try file.rewrite(adding: entries, to: file.path, hash: sha256)
        return try ModelFile(path: file.path).withBytes(\.count)
    }
}
