public import Text

/// How word vectors are learned from texts.
///
/// The defaults are those of the program word2vec.
public struct Word2VecOptions: Sendable {
    /// What is predicted from what.
    public enum Architecture: String, Sendable, CaseIterable {
        /// A word from the mean of the words around it (continuous bag of words).
        case cbow
        /// A word from each word around it, which is slower and better for rare words.
        case skipGram = "skip-gram"
    }

    /// The steps that change a text before it is split.
    public var pipeline: TextPipeline
    /// What is predicted from what.
    public var architecture = Architecture.cbow
    /// The number of dimensions of a vector.
    public var width = 100
    /// The most words on each side of a word that are around it.
    ///
    /// A random number of them is used each time.
    public var window = 5
    /// The fewest occurrences of a word that gets a vector.
    public var minimumCount = 5
    /// The share of all occurrences above which some occurrences of a word are left out; 0 uses all of them.
    public var sample = 1e-3
    /// The number of random words that are told apart from each word.
    public var negatives = 5
    /// The number of passes over the texts.
    public var epochs = 5
    /// The learning rate at the start, which falls to nearly 0, or nil for 0.05 with ``Architecture/cbow`` and 0.025 with
    /// ``Architecture/skipGram``.
    public var learningRate: Double?
    /// Chooses the first vectors, and everything that is random.
    public var seed: UInt64 = 1

    /// Creates the default options.
    ///
    /// - Parameter pipeline: The steps that change a text before it is split.
    public init(_ pipeline: TextPipeline) { self.pipeline = pipeline }

    /// The learning rate at the start.
    var firstRate: Double { learningRate ?? (architecture == .cbow ? 0.05 : 0.025) }

    /// The probability that an occurrence of a word is used.
    ///
    /// - Parameter share: The share of the word of all occurrences, above 0.
    /// - Returns: The probability, at most 1.
    /// - Source: Mikolov et al. 2013, the program word2vec: (√(f/s) + 1) · s/f.
    func keepProbability(share: Double) -> Double {
        sample > 0 ? min(1, ((share / sample).squareRoot() + 1) * sample / share) : 1
    }
}
