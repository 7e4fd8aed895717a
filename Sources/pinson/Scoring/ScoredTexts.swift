import Inference
import ModelFile
import Training

extension Classifier {
    /// Classifies tweets on all cores, and makes the lines of the output.
    ///
    /// - Parameters:
    ///   - tweets: The tweets.
    ///   - writer: Makes the lines, also on all cores.
    ///   - explains: Whether the predictions are explained.
    /// - Returns: The lines of the tweets in order, in UTF-8, in pieces.
    /// - Throws: `NotFiniteError` if the model has no answer for a text.
    func lines(
        _ tweets: [Tweet], _ writer: PredictionWriter, explains: Bool = false
    ) throws(NotFiniteError) -> [[UInt8]] {
        let slices = ParallelMap().map(tweets) {
            makeWorker(tokens: ParallelMap.tokens)
        } _: { tweets, worker in
            let texts = tweets.map(\.text)
            let predictions = explains ? texts.map(worker.explain) : worker.classify(texts)
            return [predictions.allSatisfy(\.isFinite) ? writer.lines(tweets, predictions) : nil]
        }
        return try finite(slices, file.path)
    }
}

extension SentenceEncoder {
    /// Embeds tweets on all cores, and makes the bytes of the output.
    ///
    /// - Parameters:
    ///   - tweets: The tweets.
    ///   - writer: Makes the bytes, also on all cores.
    ///   - path: The model's file.
    /// - Returns: The output for the tweets in order, in pieces.
    /// - Throws: `NotFiniteError` if the model has no vector for a text.
    func bytes(_ tweets: [Tweet], _ writer: EmbeddingWriter, path: String) throws(NotFiniteError) -> [[UInt8]] {
        let slices = ParallelMap().map(tweets) {
            makeWorker(tokens: ParallelMap.tokens)
        } _: { tweets, worker in
            let vectors = worker.embed(tweets.map(\.text))
            return [vectors.allSatisfy { $0.allSatisfy(\.isFinite) } ? writer.bytes(tweets, vectors) : nil]
        }
        return try finite(slices, path)
    }
}

/// The pieces of an output, which are nil where the model has no answer.
private func finite(_ slices: [[UInt8]?], _ path: String) throws(NotFiniteError) -> [[UInt8]] {
    let lines = slices.compactMap { $0 }
    guard lines.count == slices.count else { throw NotFiniteError(path: path) }
    return lines
}
