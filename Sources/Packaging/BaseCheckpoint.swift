import Foundation
internal import JSON
import ModelFile
import Text

/// A checkpoint of BERT or DistilBERT from which a classifier is trained.
///
/// It may be a classifier, an encoder, or a language model. A head that it lacks, or that has other labels, is new.
public struct BaseCheckpoint {
    /// A tensor of the classifier that is trained.
    public struct Tensor: Sendable, Equatable {
        /// The name in the classifier's checkpoint.
        public let name: String
        /// The name in the base, or nil if the tensor is new.
        public let source: String?
        /// The extents, outermost first.
        public let shape: [Int]
    }

    /// The probabilities with which values are dropped during training.
    public struct Dropout: Sendable, Equatable {
        /// For embeddings and the outputs of layers.
        public let hidden: Double
        /// For the weights of attention.
        public let attention: Double
        /// For the input of the classifier.
        public let head: Double
    }

    /// The folder.
    public let path: String
    /// The architecture, as config.json names it.
    public let architecture: String
    /// Whether the model is a DistilBERT.
    public let isDistilled: Bool
    /// The labels of the classifier, in the order of their ids: those of the base if it has the same ones.
    public let labels: [String]
    /// Where values are dropped during training.
    public let dropout: Dropout
    /// All tensors of the classifier.
    ///
    /// The order is: the tables of tokens, positions and segments, the norm of the embeddings, the layers, and the head. In
    /// a layer, the weights of queries, keys and values come before their biases.
    public let tensors: [Tensor]
    /// The layers of the base that become those of the classifier, in order.
    public let chosenLayers: [Int]
    let checkpoint: Checkpoint
    let tokenizer: WordPieceFiles
    let configuration: JSON

    /// The number of tokens in the vocabulary.
    public var vocabulary: Int { checkpoint.configuration.vocabulary }
    /// The largest number of tokens in a text.
    public var positions: Int { checkpoint.configuration.positions }
    /// The number of rows in the table of segments; 0 if there is none.
    public var segments: Int { checkpoint.configuration.segments }
    /// The number of values in a hidden state.
    public var width: Int { checkpoint.configuration.width }
    /// The width inside a feed-forward layer.
    public var inner: Int { checkpoint.configuration.inner }
    /// The number of layers of the classifier.
    public var layers: Int { chosenLayers.count }
    /// Whether layers of the base are left out.
    public var isShortened: Bool { layers < checkpoint.configuration.layers }
    /// The number of attention heads.
    public var heads: Int { checkpoint.configuration.heads }
    /// The number that layer norm adds to the variance.
    public var epsilon: Float { checkpoint.configuration.epsilon }

    /// Opens a checkpoint and checks that it has all tensors of the encoder.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - labels: The labels of the data.
    ///   - choose: Chooses layers of the base, given their number; those left out are not in the classifier.
    /// - Throws: `PackagingError` if a file is missing or not valid, or the model cannot be trained, and the error that
    ///   `choose` throws.
    public init(path: String, labels: [String], layers choose: (Int) throws -> [Int] = { Array(0..<$0) }) throws {
        self.path = path
        checkpoint = try Checkpoint(path: path, isBase: true)
        tokenizer = try TokenizerFiles.readWordPiece(folder: path, as: "the tokenizer of a base")
        let file = try JSONFile(path: "\(path)/config.json")
        configuration = file.object
        let sizes = checkpoint.configuration
        chosenLayers = try choose(sizes.layers)
        architecture = file["architectures"]?.elements?.first?.string ?? ""
        isDistilled = sizes.architecture == .distilbertClassifier
        guard tokenizer.tokens.count <= sizes.vocabulary else {
            throw PackagingError.malformed(
                path: tokenizer.path,
                reason: "has \(tokenizer.tokens.count) tokens, but config.json has \(sizes.vocabulary)")
        }
        dropout = try Self.dropout(file, isDistilled: isDistilled)
        let hasHead = checkpoint.shape(of: "classifier.weight") == [labels.count, sizes.width]
        let isSame = hasHead && Set(sizes.labels) == Set(labels) && sizes.labels.count == labels.count
        self.labels = isSame ? sizes.labels : labels
        tensors =
            BaseTensors(
                checkpoint, layers: chosenLayers, labels: labels.count, keepsClassifier: isSame
            ).tensors
        for tensor in tensors { if let source = tensor.source { try checkpoint.check(source, shape: tensor.shape) } }
    }

    private static func dropout(_ file: JSONFile, isDistilled: Bool) throws -> Dropout {
        func probability(_ key: String) throws -> Double? {
            guard let value = file[key] else { return nil }
            guard let number = value.number, number >= 0, number < 1 else {
                throw PackagingError.unsupported(
                    path: file.path, what: "\"\(key)\"", found: "'\(value.summary)'", expected: "0 to less than 1")
            }
            return number
        }
        if isDistilled {
            return Dropout(
                hidden: try probability("dropout") ?? 0.1, attention: try probability("attention_dropout") ?? 0.1,
                head: try probability("seq_classif_dropout") ?? 0.2)
        }
        let hidden = try probability("hidden_dropout_prob") ?? 0.1
        return Dropout(
            hidden: hidden, attention: try probability("attention_probs_dropout_prob") ?? 0.1,
            head: try probability("classifier_dropout") ?? hidden)
    }

    /// Reads a tensor of the base.
    ///
    /// - Parameter tensor: One of `tensors`.
    /// - Returns: The elements, row-major, or nil if the tensor is new.
    /// - Throws: `PackagingError` if the tensor has a value that is not finite, or cannot be read.
    public func floats(_ tensor: Tensor) throws -> [Float]? {
        try tensor.source.map { try checkpoint.floats($0, shape: tensor.shape) }
    }

    /// Turns texts into token ids, as the classifier will when it serves.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - maxTokens: The most ids of a text, with the start and end tokens.
    /// - Returns: The ids of each text.
    public func encode(_ texts: [String], maxTokens: Int) -> [[Int32]] {
        let words = Trie.build(tokenizer.tokens)
        return words.withUnsafeBufferPointer { words in
            let trie = Trie(words: words, vocabulary: tokenizer.tokens.count)
            // The tokenizer's files were checked for these tokens.
            func id(_ token: String) -> Int32 { trie.id(of: token) ?? 0 }
            let wordPiece = WordPiece(
                trie: trie, normalizer: tokenizer.normalizer,
                special: .init(
                    unknown: id(tokenizer.unknown), start: id(tokenizer.start), end: id(tokenizer.end), literals: []))
            return texts.map { wordPiece.encode($0, limit: maxTokens).ids }
        }
    }
}
