import Inference
import NIOCore

/// The texts of one request, and the predictions that are known so far.
struct Job: Sendable {
    let texts: [String]
    /// Whether the predictions are explained.
    let explains: Bool
    let cancellation: Cancellation
    let promise: EventLoopPromise<[Prediction]>
    /// The estimated number of tokens of each text.
    let tokens: [Int]
    /// The number of texts that a worker has taken.
    private(set) var taken = 0
    private var predictions: [Prediction?]
    private var missing: Int

    init(
        _ texts: [String], explains: Bool = false, maxTokens: Int, unless cancellation: Cancellation,
        _ promise: EventLoopPromise<[Prediction]>
    ) {
        self.texts = texts
        self.explains = explains
        self.cancellation = cancellation
        self.promise = promise
        tokens = texts.map { Self.estimatedTokens(of: $0, maxTokens: maxTokens) }
        predictions = Array(repeating: nil, count: texts.count)
        missing = texts.count
    }

    /// The predictions of some of the texts.
    func predictions(of texts: [String], _ worker: Classifier.Worker) -> [Prediction] {
        explains ? texts.map(worker.explain) : worker.classify(texts)
    }

    /// The estimated number of tokens of all texts.
    var work: Int { tokens.reduce(0, +) }

    /// Whether all texts were taken.
    var isTaken: Bool { taken == texts.count }

    /// Takes the next texts, as many as have at most `limit` tokens, but at least one.
    mutating func take(tokens limit: Int) -> Range<Int> {
        let first = taken
        var sum = 0
        while taken < texts.count, taken == first || sum + tokens[taken] <= limit {
            sum += tokens[taken]
            taken += 1
        }
        return first..<taken
    }

    /// Stores the predictions of some texts.
    ///
    /// - Returns: All predictions, if none is missing any more.
    mutating func store(_ new: [Prediction], at range: Range<Int>) -> [Prediction]? {
        for (index, prediction) in zip(range, new) { predictions[index] = prediction }
        missing -= range.count
        return missing == 0 ? predictions.compactMap(\.self) : nil
    }

    /// An estimate of the number of tokens that the model reads of a text, from its length.
    ///
    /// A token of English tweets has about four bytes.
    static func estimatedTokens(of text: String, maxTokens: Int) -> Int {
        min(maxTokens, 2 + text.utf8.count / 4)
    }
}
