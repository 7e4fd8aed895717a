import ModelFile

/// The weights of a model of one family, and how they score texts.
///
/// A family is a value that never changes and is shared by all workers. A pass writes only to buffers, and each worker
/// has buffers of its own.
protocol Family: Sendable {
    /// The memory that a pass writes to.
    associatedtype Buffers

    /// Opens the model in a file.
    ///
    /// Weights stay where they are in the mapped file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - card: The file's card.
    /// - Throws: `ModelFileError` if a key or a tensor of the family is missing or not valid.
    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError)

    /// Allocates buffers that fit these weights.
    func makeBuffers(_ options: WorkerOptions) -> Buffers

    /// Scores each text.
    ///
    /// The result for a text has the same bits whatever the other texts are.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - buffers: Buffers that these weights have made, which no other thread uses.
    ///   - threads: The number of threads to use, at most as many as the buffers were made for.
    /// - Returns: The scores of each text, in order.
    func score(_ texts: [String], in buffers: Buffers, threads: Int) -> [FamilyOutput]

    /// Scores one made-up text of exactly `tokens` tokens, as a benchmark does.
    func scoreSample(tokens: Int, in buffers: Buffers, threads: Int) -> [Float]

    /// The terms that make up the logit of a label, or nil if the model is not a sum of terms of the text.
    func explain(_ text: String, label: Int, in buffers: Buffers) -> Explanation?

    /// The threads that these buffers have, or nil if one thread does all the work.
    func team(of buffers: Buffers) -> Team?
}

extension Family {
    func explain(_ text: String, label: Int, in buffers: Buffers) -> Explanation? { nil }

    func team(of buffers: Buffers) -> Team? { nil }
}

/// The output of a family for one text.
struct FamilyOutput: Equatable {
    /// One number for each label.
    var logits: [Float]
    /// The number of tokens that were read.
    var tokens: Int
    /// Whether the text had more tokens than the model reads.
    var isTruncated: Bool
    /// The number of these tokens that the model does not know, or nil if the family does not count them.
    var unknown: Int?
}

/// The choices that are made when a worker is created.
struct WorkerOptions {
    /// The most tokens in one pass.
    ///
    /// The buffers hold at least the longest text.
    var tokens = 0
    /// The most threads that work on a pass.
    var threads = 1
    /// The instruction set of the kernels.
    var instructionSet: InstructionSet
}

/// The weights of a model, and buffers that were made for them.
struct FamilyWorker<Weights: Family> {
    private let weights: Weights
    private let buffers: Weights.Buffers

    init(_ weights: Weights, _ options: WorkerOptions) {
        self.weights = weights
        buffers = weights.makeBuffers(options)
    }

    func score(_ texts: [String], threads: Int) -> [FamilyOutput] {
        weights.score(texts, in: buffers, threads: threads)
    }

    func scoreSample(tokens: Int, threads: Int) -> [Float] {
        weights.scoreSample(tokens: tokens, in: buffers, threads: threads)
    }

    func explain(_ text: String, label: Int) -> Explanation? { weights.explain(text, label: label, in: buffers) }

    var team: Team? { weights.team(of: buffers) }
}
