internal import JSON
public import ModelFile
internal import Text

/// A recurrent classifier of Keras or PyTorch, in a file that `pinson_lstm_export.py` has written.
///
/// The arrays are `vectors.npy`, (2 + words, width), with the vectors of padding and of unknown words first; for each
/// layer N and direction `layer.N.forward.input.npy`, (4 · units, inputs), `.recurrent.npy`, (4 · units, units), and
/// `.bias.npy`, (4 · units), with the gates in the order input, forget, candidate, output; and `dense.N.weight.npy`,
/// (outputs, inputs), and `dense.N.bias.npy`, (outputs), for the hidden layers and the head.
public struct RecurrentExport: ExportedModel {
    static let format = "pinson-recurrent"
    /// The version of the format that is read.
    static let version = 1
    /// The numbers of words that are read.
    private static let wordCounts = 1...4_000_000

    /// The file.
    public let path: String
    /// The library that has trained the model, such as `keras 3.15.1`.
    public let library: String
    /// The kind of the classifier, such as `BiLSTM`.
    public let classifier: String
    /// The labels, in the order of the outputs.
    public let labels: [String]
    /// Texts, and what the library computes for them.
    public let examples: [ExportedAnswer]
    /// The steps that change a text before it is split.
    public let preprocessing: [String]
    /// The most words of a text that the model reads.
    public let maxTokens: Int
    private let packer: RecurrentPacker

    /// A softmax or a sigmoid of the outputs.
    public var hasProbabilities: Bool { true }

    init(_ reader: ExportReader) throws(PackagingError) {
        path = reader.path
        guard reader["version"]?.integer == Self.version else {
            let found = reader["version"].map(\.summary) ?? "missing"
            throw reader.damaged("has the version \(found) of the format, expected \(Self.version)")
        }
        (library, classifier) = (try reader.string("library"), try reader.string("classifier"))
        labels = try reader.labels()
        preprocessing = try reader.strings("preprocessing")
        do { _ = try TextPipeline(preprocessing) } catch {
            throw reader.damaged("has preprocessing that Pinson does not know. \(error)")
        }
        maxTokens = try reader.integer("max_tokens", in: ModelCard.maxTokensRange)
        var reading = RecurrentReading()
        (reading.words, reading.separators) = (try reader.string("words"), try reader.string("separators"))
        (reading.unknown, reading.padding) = (try reader.choice("unknown"), try reader.choice("padding"))
        reading.kept = try reader.choice("kept")
        let outputs = labels.count == 2 ? 1 : labels.count
        let words = try Self.words(reader, reading)
        packer = try reader.recurrentPacker(reading, words, outputs: outputs)
        examples = try reader.examples(outputs: outputs)
    }

    /// The hash of each word in ascending order, with the position of the word.
    private static func words(
        _ reader: ExportReader, _ reading: RecurrentReading
    ) throws(PackagingError) -> [(hash: UInt64, word: Int)] {
        let words = try reader.strings("vocabulary")
        guard Self.wordCounts.contains(words.count) else {
            throw reader.damaged("has \(words.count) words, expected 1 to \(Self.wordCounts.upperBound)")
        }
        guard let unit = NgramBlock.Unit(rawValue: reading.words), unit != .character else {
            throw reader.damaged("has a 'model.json' whose \"words\" is not one of token, word, anyword")
        }
        let block = NgramBlock(unit, 1...1)
        let hashes = words.indices.map { (hash: block.hash(of: words[$0], inBlock: 0), word: $0) }
            .sorted { $0.hash < $1.hash }
        for (first, second) in zip(hashes, hashes.dropFirst()) where first.hash == second.hash {
            throw .sameHash(path: reader.path, terms: [words[first.word], words[second.word]])
        }
        return hashes
    }

    /// The number of weights.
    public var parameters: Int { packer.parameters }

    /// The keys and tensors of the model.
    ///
    /// - Parameter precision: The precision of the weights.
    /// - Returns: What is written to a file, and the number of words that a shorter hash takes for another one.
    /// - Throws: Nothing; the words were checked when the file was opened.
    public func packed(
        _ precision: Precision
    ) throws(PackagingError) -> (family: PackedFamily, sharedFingerprints: Int) {
        var packer = packer
        packer.precision = precision
        return (packer.packed(), packer.sharedFingerprints)
    }
}
