import Inference
import Training

/// The answers of a model to labelled tweets, and the time that each of them took.
struct ModelAnswers {
    /// The answers, with the true labels.
    let predictions: Predictions
    /// The milliseconds of each answer on one core.
    let milliseconds: Percentiles
    /// The number of texts that were longer than the model reads.
    let truncated: Int
    /// The mean number of tokens of a text.
    let meanTokens: Double

    /// Values that one half, 95 % and 99 % of the measurements do not exceed.
    struct Percentiles: Encodable {
        var p50: Double
        var p95: Double
        var p99: Double

        init(_ values: [Double]) {
            let sorted = values.sorted()
            func at(_ share: Double) -> Double { sorted[min(Int(share * Double(sorted.count)), sorted.count - 1)] }
            (p50, p95, p99) = (at(0.5), at(0.95), at(0.99))
        }
    }

    /// Asks a model.
    ///
    /// - Parameters:
    ///   - classifier: The model.
    ///   - path: The model file, for errors.
    ///   - tweets: The tweets, at least one, with labels of the model.
    ///   - positive: The index of the positive class, or nil for the default.
    /// - Throws: `NotFiniteError` if an answer is not a number.
    init(_ classifier: Classifier, path: String, _ tweets: [Tweet], positive: Int?) throws {
        var progress = Progress(unit: "tweets", total: tweets.count)
        var answers: [(prediction: Prediction, milliseconds: Double)] = []
        for start in stride(from: 0, to: tweets.count, by: TextArguments.window) {
            let window = tweets[start..<min(start + TextArguments.window, tweets.count)].map(\.text)
            answers += ParallelMap().map(window) {
                classifier.makeWorker()
            } _: { texts, worker in
                texts.map { text in
                    var prediction: [Prediction] = []
                    let time = ContinuousClock().measure { prediction = worker.classify([text]) }
                    return (prediction[0], time / .milliseconds(1))
                }
            }
            progress.advance(by: window.count)
        }
        progress.finish()
        guard answers.allSatisfy(\.prediction.isFinite) else { throw NotFiniteError(path: path) }
        let positions = Dictionary(uniqueKeysWithValues: classifier.labels.enumerated().map { ($1, $0) })
        predictions = Predictions(
            labels: classifier.labels, truth: tweets.map { positions[$0.label ?? ""] ?? 0 },
            predicted: answers.map(\.prediction.label), scores: answers.map(\.prediction.scores), positive: positive)
        milliseconds = Percentiles(answers.map(\.milliseconds))
        truncated = answers.count { $0.prediction.isTruncated }
        meanTokens = Double(answers.reduce(0) { $0 + $1.prediction.tokens }) / Double(answers.count)
    }
}
