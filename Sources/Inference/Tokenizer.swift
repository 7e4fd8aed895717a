public import ModelFile
public import Text

/// The tokenizer of a model file.
///
/// It reads the vocabulary where it lies in the mapped file, and needs no weights.
public struct Tokenizer: Sendable {
    /// The number of tokens.
    ///
    /// All ids are less than this number.
    public let vocabulary: Int
    /// The vocabulary, (nodes, 3) int32; see `Trie`.
    private let trie: Tensor
    private let normalizer: Normalizer
    private let special: WordPiece.Special

    /// The id of a word that the vocabulary cannot spell.
    public var unknownToken: Int32 { special.unknown }

    /// Opens the tokenizer of a model file.
    ///
    /// - Parameter file: The model file.
    /// - Throws: `ModelFileError` if a key or the vocabulary is missing or not valid.
    public init(_ file: ModelFile) throws(ModelFileError) {
        let schema = try TokenizerSchema(file.metadata)
        normalizer = Normalizer(
            cleansText: schema.cleansText, splitsIdeographs: schema.splitsIdeographs,
            stripsAccents: schema.stripsAccents, lowercases: schema.lowercases)
        guard let nodes = file.tensor(named: TokenizerSchema.trie)?.shape[0] else {
            throw .missingTensor(path: file.path, name: TokenizerSchema.trie)
        }
        trie = try file.tensor(TensorSchema(TokenizerSchema.trie, .int32, [nodes, Trie.nodeWidth]))
        vocabulary = schema.vocabulary
        let view = Trie(words: trie.elements(as: Int32.self), vocabulary: vocabulary)
        func id(_ token: String) throws(ModelFileError) -> Int32 {
            guard let id = view.id(of: token) else {
                throw .invalid(path: file.path, reason: "its special token '\(token)' is not in its vocabulary")
            }
            return id
        }
        var literals: [WordPiece.Special.Literal] = []
        for token in schema.specials { literals.append(.init(text: token, id: try id(token))) }
        special = WordPiece.Special(
            unknown: try id(schema.unknown), start: try id(schema.start), end: try id(schema.end), literals: literals)
    }

    /// Turns a text into ids.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - limit: The most ids to return, with the start and end tokens.
    ///   - literals: The meaning of special tokens that are spelled in the text.
    /// - Returns: The ids, and whether the text had more.
    public func encode(
        _ text: String, limit: Int = .max, literals: WordPiece.LiteralHandling = .asText
    ) -> WordPiece.Encoding {
        let view = Trie(words: trie.elements(as: Int32.self), vocabulary: vocabulary)
        return WordPiece(trie: view, normalizer: normalizer, special: special)
            .encode(text, limit: limit, literals: literals)
    }
}
