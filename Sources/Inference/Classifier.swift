public import ModelFile

/// A text classifier: it takes texts and returns labels with scores.
///
/// A classifier is a value that never changes and is shared by all threads. Each thread makes a ``Worker`` of its own.
///
/// ```swift
/// let classifier = try Classifier(ModelFile(path: "model.gguf"))
/// let prediction = classifier.makeWorker().classify(["so good"])[0]
/// print(classifier.labels[prediction.label])
/// ```
public struct Classifier: Sendable {
    /// The file that holds the weights.
    public let file: ModelFile
    /// The model's name, its labels and its other general facts.
    public let card: ModelCard
    /// The instruction set of the kernels.
    public let instructionSet: InstructionSet
    private let weights: AnyWeights

    /// Opens the classifier in a model file.
    ///
    /// Weights are not read until they are used.
    ///
    /// - Parameters:
    ///   - file: The model file.
    ///   - instructionSet: The instruction set of the kernels. This processor must have it.
    /// - Throws: `ModelFileError` if a key or a tensor is missing or not valid, or if the model has no labels.
    public init(_ file: ModelFile, instructionSet: InstructionSet = .best) throws(ModelFileError) {
        card = try ModelCard(file)
        guard !card.labels.isEmpty else { throw .noLabels(path: file.path) }
        weights = try AnyWeights(file, card)
        self.file = file
        self.instructionSet = instructionSet
    }

    /// The model's name.
    public var name: String { card.name }

    /// The labels, in the order of the scores.
    public var labels: [String] { card.labels }

    /// Whether a label is explained by the terms of the model, which costs hardly more than the label itself.
    public var explainsByTerms: Bool { weights.explainsByTerms }

    /// The most tokens of a text that are read, with the start and end tokens.
    public var maxTokens: Int { card.maxTokens }

    /// Creates a worker, which binds the weights to memory of its own.
    ///
    /// - Parameters:
    ///   - tokens: The most tokens in one pass. A pass always has room for a text of `maxTokens`.
    ///   - threads: The most threads that work on one pass. The bits of an answer do not depend on it.
    /// - Returns: A worker for one thread at a time.
    public func makeWorker(tokens: Int = 0, threads: Int = 1) -> Worker {
        let options = WorkerOptions(tokens: tokens, threads: threads, instructionSet: instructionSet)
        return Worker(weights.makeWorker(options), card.decision, threads: threads)
    }

    /// The weights of a classifier together with the memory that a pass writes to.
    ///
    /// A worker is used by one thread at a time.
    public final class Worker {
        /// The number of threads that work on a pass, at most as many as the worker was made with.
        public var threads: Int { didSet { precondition((1...maximumThreads).contains(threads)) } }
        /// The most threads that can work on a pass.
        ///
        /// It is smaller than the number that the worker was made with if the system did not start all threads.
        public let maximumThreads: Int
        /// The number of times that a thread of this worker has waited unusually long for another one.
        ///
        /// If it grows, other processes probably use the cores, and one thread is faster than several.
        public var stalls: Int { worker.team?.stalls ?? 0 }
        private let worker: AnyWorker
        private let decision: Decision

        init(_ worker: AnyWorker, _ decision: Decision, threads: Int) {
            self.worker = worker
            self.decision = decision
            maximumThreads = min(threads, worker.team?.count ?? threads)
            self.threads = maximumThreads
        }

        /// Classifies each text.
        ///
        /// - Parameter texts: The texts.
        /// - Returns: One prediction for each text, in order. It has the same bits whatever the other texts are.
        public func classify(_ texts: [String]) -> [Prediction] {
            worker.score(texts, threads: threads).map { scores in
                let (label, probabilities) = decision.predict(scores.logits)
                return Prediction(
                    label: label, scores: probabilities, logits: scores.logits, tokens: scores.tokens,
                    isTruncated: scores.isTruncated, unknownTokens: scores.unknown)
            }
        }

        /// Classifies a text, and explains the label.
        ///
        /// A model that is not a sum of terms classifies the text without each of its words, one after the other. Only
        /// the first ``mostWordsLeftOut`` words are left out.
        ///
        /// - Parameter text: The text.
        /// - Returns: The prediction, with its explanation.
        public func explain(_ text: String) -> Prediction {
            var prediction = classify([text])[0]
            prediction.explanation =
                worker.explain(text, label: prediction.label) ?? leavingOneOut(text, prediction)
            return prediction
        }

        /// The most words that are left out to explain a label.
        public static let mostWordsLeftOut = 128

        private func leavingOneOut(_ text: String, _ prediction: Prediction) -> Explanation {
            let words = text.split(whereSeparator: \.isWhitespace)
            let shown = words.indices.prefix(Self.mostWordsLeftOut)
            let logit = Explanation.logit(of: prediction.label, in: prediction.logits)
            let parts = shown.map { index in
                let rest = words[..<index] + words[(index + 1)...]
                let without = classify([rest.joined(separator: " ")])[0].logits
                return Explanation.Part(
                    text: String(words[index]),
                    contribution: logit - Explanation.logit(of: prediction.label, in: without))
            }
            return Explanation(.leaveOneOut, logit: logit, bias: 0, parts: parts)
        }

        /// Scores one made-up text of exactly `tokens` tokens, as a benchmark does.
        ///
        /// - Parameter tokens: The number of tokens, at most the model's `maxTokens`.
        /// - Returns: The logits.
        public func scoreSample(tokens: Int) -> [Float] { worker.scoreSample(tokens: tokens, threads: threads) }
    }
}
