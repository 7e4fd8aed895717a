import Glibc
public import ModelFile
public import Text

/// A text classifier: text in, label and scores out.
///
/// A value that never changes and is shared by all workers; what a forward pass writes to is the worker's `Workspace`.
public struct Classifier: Sendable {
    public let file: ModelFile
    public let name: String
    public let labels: [String]
    /// With two labels, the score from which the second one is the answer.
    public let threshold: Float
    /// The most tokens of a text that count, with the start and end tokens.
    public let maxTokens: Int
    public let instructionSet: InstructionSet
    /// Ids are below this.
    public var vocabulary: Int { transformer.shape.vocabulary }

    let transformer: Transformer
    private let tokenizer: Tokenizer

    /// The answer for one text.
    public struct Prediction: Sendable, Equatable {
        /// Index of the label in `labels`.
        public let label: Int
        /// Probability of each label, in their order; they sum to 1.
        public let scores: [Float]
        public let logits: [Float]
        /// Tokens that were read, with the start and end tokens.
        public let tokens: Int
        /// Whether the text had more tokens than `maxTokens`.
        public let isTruncated: Bool
    }

    /// - Throws: what the file lacks or has wrong; weights are not read.
    public init(_ file: ModelFile, instructionSet: InstructionSet = .best) throws(ModelFileError) {
        self.file = file
        self.instructionSet = instructionSet
        let metadata = file.metadata
        name = try metadata.string("general.name")
        labels = try metadata.strings("pinson.labels")
        threshold = try metadata.float("pinson.decision_threshold")
        maxTokens = try metadata.integer("pinson.max_tokens", in: 2...8192)
        let _: Family = try file.choice("pinson.family")
        let _: Preprocessing = try file.choice("pinson.preprocessing")
        transformer = try Transformer(file, labels: labels.count, maxTokens: maxTokens)
        guard transformer.head == .none || labels.count >= 2 else {
            throw .invalid(path: file.path, reason: "it has \(labels.count) labels, expected at least 2")
        }
        guard Set(labels).count == labels.count, threshold.isFinite else {
            throw .invalid(path: file.path, reason: "its labels are not distinct, or its threshold is no number")
        }
        tokenizer = try Tokenizer(file, vocabulary: transformer.shape.vocabulary)
    }

    private enum Family: String { case transformer }
    private enum Preprocessing: String { case none }

    /// Whether the model has labels to give; a sentence encoder has none.
    public var canClassify: Bool { transformer.head != .none }

    /// - Parameters:
    ///   - tokens: the most that go through at once; at least `maxTokens` are taken.
    ///   - threads: the most that work on one pass; the bits do not depend on it.
    public func makeWorkspace(tokens: Int = 0, threads: Int = 1) -> Workspace {
        transformer.makeWorkspace(tokens: tokens, threads: threads, instructionSet)
    }

    /// - Parameter limit: the most tokens to return; nil takes `maxTokens`.
    public func encode(
        _ text: String, limit: Int? = nil, literals: WordPiece.LiteralHandling = .asText
    ) -> WordPiece.Encoding {
        tokenizer.withWordPiece { $0.encode(text, limit: limit ?? maxTokens, literals: literals) }
    }

    /// One prediction a text; each has the same bits whatever texts it comes with.
    ///
    /// - Precondition: `canClassify`.
    public func classify(_ texts: [String], in workspace: Workspace) -> [Prediction] {
        forEachBatch(texts, in: workspace) { encodings in
            let logits = transformer.classify(texts: encodings.count, workspace)
            return encodings.enumerated().map { index, encoding in
                prediction(
                    logits: Array(UnsafeBufferPointer(start: logits.from(row: index).start, count: labels.count)),
                    encoding)
            }
        }
    }

    /// The logits of one text that is given as ids, as a benchmark gives it.
    ///
    /// - Precondition: `canClassify`; 1 to `workspace.capacity` ids, each in the vocabulary.
    public func logits(ids: [Int32], in workspace: Workspace) -> [Float] {
        transformer.pool(ids, starts: [0, ids.count], workspace)
        return Array(UnsafeBufferPointer(start: transformer.classify(texts: 1, workspace).start, count: labels.count))
    }

    /// The pooled hidden state of each text scaled to length 1: what a sentence encoder gives.
    public func embed(_ texts: [String], in workspace: Workspace) -> [[Float]] {
        forEachBatch(texts, in: workspace) { encodings in
            encodings.indices.map { index in
                let row = UnsafeBufferPointer(
                    start: workspace.pooled.from(row: index).start, count: transformer.shape.width)
                let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return row.map { length > 0 ? $0 / length : 0 }
            }
        }
    }

    /// Pools as many texts at a time as the workspace has room for, and hands each group on.
    private func forEachBatch<R>(
        _ texts: [String], in workspace: Workspace, _ body: ([WordPiece.Encoding]) -> [R]
    ) -> [R] {
        var results: [R] = []
        results.reserveCapacity(texts.count)
        var encodings: [WordPiece.Encoding] = []
        var ids: [Int32] = []
        var starts = [0]
        func run() {
            guard !encodings.isEmpty else { return }
            transformer.pool(ids, starts: starts, workspace)
            results += body(encodings)
            encodings.removeAll(keepingCapacity: true)
            ids.removeAll(keepingCapacity: true)
            starts = [0]
        }
        for text in texts {
            let encoding = encode(text)
            if ids.count + encoding.ids.count > workspace.capacity { run() }
            encodings.append(encoding)
            ids += encoding.ids
            starts.append(ids.count)
        }
        run()
        return results
    }

    private func prediction(logits: [Float], _ encoding: WordPiece.Encoding) -> Prediction {
        let largest = logits.max() ?? 0
        let exponentials = logits.map { expf($0 - largest) }
        let total = exponentials.reduce(0, +)
        let scores = exponentials.map { $0 / total }
        let label: Int
        if labels.count == 2 {
            label = scores[1] >= threshold ? 1 : 0
        } else {
            label = scores.indices.max { scores[$0] < scores[$1] } ?? 0
        }
        return Prediction(
            label: label, scores: scores, logits: logits, tokens: encoding.ids.count, isTruncated: encoding.isTruncated)
    }
}
