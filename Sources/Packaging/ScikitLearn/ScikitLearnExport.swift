internal import JSON
internal import ModelFile
internal import Text

/// A linear classifier of scikit-learn over n-grams, in a file that `pinson_export.py` has written.
///
/// The file is a zip archive: `model.json` describes the model, `bias.npy` is the bias of each output, and
/// `weight.N.npy`, (terms, outputs), and `idf.N.npy`, (terms), belong to block N of n-grams.
public struct ScikitLearnExport {
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
    public let examples: [Example]

    /// A text, and the outputs of the classifier: the logit of the second of two labels, or one for each label.
    public struct Example: Sendable {
        /// The text.
        public let text: String
        /// The outputs.
        public let outputs: [Double]
    }

    /// The n-grams of a vectorizer.
    struct Block {
        var ngrams: NgramBlock
        var terms: [String]
        var counting: LinearModelSchema.Counting
        var norm: LinearModelSchema.Norm?
        /// The inverse document frequency of each term, or nil if it is not used.
        var frequencies: [Double]?
        /// The weights, (terms, outputs).
        var weights: [Double]
    }

    let path: String
    let lowercases: Bool
    let stopWords: [String]
    let blocks: [Block]
    let bias: [Double]

    /// Reads an export.
    ///
    /// - Parameter path: The file.
    /// - Throws: `PackagingError` if the file cannot be read or is not a valid export.
    public init(path: String) throws {
        try Self.checkKind(of: path)
        self.path = path
        let archive = try ZipArchive(path: path, CheckpointFile.bytes(path))
        guard let text = try archive.contents("model.json") else {
            throw PackagingError.damagedExport(path: path, reason: "is a zip archive without the entry 'model.json'")
        }
        let reader = try ExportReader(path: path, archive, description: text)
        guard reader["format"]?.string == "pinson-linear", reader["version"]?.integer == Self.version else {
            let found = reader["version"].map(\.summary) ?? "missing"
            throw reader.damaged("has the version \(found) of the format, expected \(Self.version)")
        }
        labels = try reader.strings("labels")
        guard labels.count >= 2, Set(labels).count == labels.count, !labels.contains("") else {
            throw reader.damaged("has labels that are not at least two distinct names")
        }
        let outputs = labels.count == 2 ? 1 : labels.count
        (library, classifier) = (try reader.string("library"), try reader.string("classifier"))
        (hasProbabilities, lowercases) = (try reader.bool("probabilities"), try reader.bool("lowercase"))
        stopWords = try reader.strings("stop_words")
        bias = try reader.array("bias", shape: [outputs])
        blocks = try reader.elements("blocks").enumerated().map { try reader.block($1, at: $0, outputs: outputs) }
        examples = try reader.elements("examples").map { try reader.example($0, outputs: outputs) }
        guard !blocks.isEmpty else { throw reader.damaged("has no blocks of n-grams") }
    }

    /// The number of weights, with the bias.
    var parameters: Int { blocks.reduce(bias.count) { $0 + $1.weights.count } }
}
