import Inference
import ModelFile
import Synchronization
import Validation

/// What a model says about the texts of reports, and why.
final class ModelOpinions: Sendable {
    let labels: [String]
    /// The digest of the model, as reports and `/info` have it.
    let digest: String?
    private let classifier: Classifier
    private let path: String
    private let explainer: Mutex<Explainer>

    /// A worker, and what it has explained last.
    private struct Explainer {
        let worker: Classifier.Worker
        var last: (text: String, reasons: [Opinion.Reason])?
    }

    /// Opens a model.
    ///
    /// - Parameter path: A model file, or a model on a tracking server.
    /// - Throws: `ModelFileError` if it is not a classifier.
    init(_ path: String) throws {
        let file = try ModelFile(path: FetchedModel.path(waitingFor: path))
        classifier = try Classifier(file, instructionSet: InstructionSet.chosenByUser())
        (labels, digest, self.path) = (
            classifier.labels, ModelDescription(file.metadata).headerDigest, path
        )
        explainer = Mutex(Explainer(worker: classifier.makeWorker()))
    }

    /// What the model says about each text.
    ///
    /// - Throws: `NotFiniteError` if the model has no answer for a text.
    func opinions(_ texts: [String]) throws -> [Opinion] {
        let classifier = classifier
        let predictions = ParallelMap().map(texts) {
            classifier.makeWorker(tokens: ParallelMap.tokens)
        } _: {
            $1.classify($0)
        }
        guard predictions.allSatisfy(\.isFinite) else { throw NotFiniteError(path: path) }
        return predictions.map { prediction in
            Opinion(
                label: labels[prediction.label],
                scores: zip(labels, prediction.scores).map { (label: $0, score: Double($1)) })
        }
    }

    /// Why the model chooses its label for a text: the strongest parts first.
    func reasons(_ text: String) -> [Opinion.Reason] {
        explainer.withLock { explainer in
            if let last = explainer.last, last.text == text { return last.reasons }
            let parts = explainer.worker.explain(text).explanation?.parts ?? []
            let reasons = parts.prefix(20).map { Opinion.Reason($0.text, Double($0.contribution)) }
            explainer.last = (text, reasons)
            return reasons
        }
    }
}
