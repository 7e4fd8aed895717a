internal import JSON
internal import ModelFile
internal import Text

/// A linear classifier of scikit-learn over n-grams, in a file that `pinson_export.py` has written.
///
/// The file is a zip archive: `model.json` describes the model, `bias.npy` is the bias of each output, and
/// `weight.N.npy`, (terms, outputs), and `idf.N.npy`, (terms), belong to block N of n-grams.
public struct ScikitLearnExport: ExportedModel {
    static let format = "pinson-linear"
    /// The version of the format that is read.
    static let version = 1

    /// The library that has trained the model, such as `scikit-learn 1.9.1`.
    public let library: String
    /// The class of the classifier, such as `LogisticRegression`.
    public let classifier: String
    /// The labels, in the order of the outputs.
    public let labels: [String]
    /// Whether the classifier has probabilities of its own.
    public let hasProbabilities: Bool
    /// Texts, and what the classifier itself computes for them.
    public let examples: [ExportedAnswer]

    /// The n-grams of a vectorizer.
    struct Block: Sendable {
        var ngrams: NgramBlock
        var terms: [String]
        var counting: LinearModelSchema.Counting
        var norm: LinearModelSchema.Norm?
        /// The inverse document frequency of each term, or nil if it is not used.
        var frequencies: [Double]?
        /// The weights, (terms, outputs).
        var weights: [Double]
    }

    /// The file.
    public let path: String
    let lowercases: Bool
    let stopWords: [String]
    let blocks: [Block]
    let bias: [Double]

    init(_ reader: ExportReader) throws(PackagingError) {
        path = reader.path
        guard reader["version"]?.integer == Self.version else {
            let found = reader["version"].map(\.summary) ?? "missing"
            throw reader.damaged("has the version \(found) of the format, expected \(Self.version)")
        }
        labels = try reader.labels()
        let outputs = labels.count == 2 ? 1 : labels.count
        (library, classifier) = (try reader.string("library"), try reader.string("classifier"))
        (hasProbabilities, lowercases) = (try reader.bool("probabilities"), try reader.bool("lowercase"))
        stopWords = try reader.strings("stop_words")
        bias = try reader.array("bias", shape: [outputs])
        var blocks: [Block] = []
        for (index, block) in try reader.elements("blocks").enumerated() {
            blocks.append(try reader.block(block, at: index, outputs: outputs))
        }
        self.blocks = blocks
        examples = try reader.examples(outputs: outputs)
        guard !blocks.isEmpty else { throw reader.damaged("has no blocks of n-grams") }
    }

    /// The number of weights, with the bias.
    public var parameters: Int { blocks.reduce(bias.count) { $0 + $1.weights.count } }
}
