public import ModelFile

/// A model of another library, in a file that a script of Pinson has written.
///
/// The file is a zip archive: `model.json` describes the model, and arrays of NumPy hold its weights.
public protocol ExportedModel: Sendable {
    /// The file.
    var path: String { get }
    /// The library that has trained the model, such as `scikit-learn 1.9.1`.
    var library: String { get }
    /// The kind of the classifier, such as `LogisticRegression`.
    var classifier: String { get }
    /// The labels, in the order of the outputs.
    var labels: [String] { get }
    /// Whether the classifier has probabilities of its own.
    var hasProbabilities: Bool { get }
    /// Texts, and what the classifier itself computes for them.
    var examples: [ExportedAnswer] { get }
    /// The number of weights.
    var parameters: Int { get }
    /// The steps that change a text before it is split.
    var preprocessing: [String] { get }
    /// The most tokens of a text that the model reads.
    var maxTokens: Int { get }

    /// The keys and tensors of the model.
    ///
    /// - Parameter precision: The precision of the weights. With 32 bits, words are found by their whole hashes.
    /// - Returns: What is written to a file, and the number of words that a shorter hash takes for another one.
    /// - Throws: `PackagingError` if the precision is not supported, or two different words have the same hash.
    func packed(_ precision: Precision) throws(PackagingError) -> (family: PackedFamily, sharedFingerprints: Int)
}

/// A text, and the outputs of an exported model: the logit of the second of two labels, or one for each label.
public struct ExportedAnswer: Sendable {
    /// The text.
    public let text: String
    /// The outputs.
    public let outputs: [Double]
}

/// The exports of all libraries.
public enum ModelExport {
    /// Opens an export.
    ///
    /// - Parameter path: The file.
    /// - Returns: The model.
    /// - Throws: `PackagingError` if the file cannot be read or is not a valid export.
    public static func open(_ path: String) throws -> any ExportedModel {
        try ScikitLearnExport.checkKind(of: path)
        let archive = try ZipArchive(path: path, CheckpointFile.bytes(path))
        guard let text = try archive.contents("model.json") else {
            throw PackagingError.damagedExport(path: path, reason: "is a zip archive without the entry 'model.json'")
        }
        let reader = try ExportReader(path: path, archive, description: text)
        switch try reader.string("format") {
        case RecurrentExport.format: return try RecurrentExport(reader)
        case ScikitLearnExport.format: return try ScikitLearnExport(reader)
        case let other:
            throw reader.damaged(
                "has the format '\(other)', expected '\(ScikitLearnExport.format)' or '\(RecurrentExport.format)'")
        }
    }
}
