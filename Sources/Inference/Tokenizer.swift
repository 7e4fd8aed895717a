public import ModelFile
public import Text

/// The tokenizer of a model file.
///
/// It reads its tables where they lie in the mapped file, and needs no weights.
public struct Tokenizer: Sendable {
    /// The number of tokens.
    ///
    /// All ids are less than this number.
    public let vocabulary: Int
    /// The tokens, (nodes, 3) int32; see `Trie`.
    private let trie: Tensor
    private let kind: Kind
    private let special: SpecialTokens

    /// What an algorithm needs besides the tokens.
    fileprivate enum Kind: Sendable {
        case wordPiece(Normalizer)
        /// Merges (slots, 4) and bytes (256) int32; see `BytePair`.
        case bytePair(merges: Tensor, bytes: Tensor, addsPrefixSpace: Bool)
        /// Scores (vocabulary) float32, and the table of `CharacterMap`.
        case unigram(scores: Tensor, characters: Tensor?, UnigramRules)
    }

    /// The id of what the vocabulary cannot spell.
    public var unknownToken: Int32 { special.unknown }

    /// Opens the tokenizer of a model file.
    ///
    /// - Parameter file: The model file.
    /// - Throws: `ModelFileError` if a key or a table is missing or not valid.
    public init(_ file: ModelFile) throws(ModelFileError) {
        let schema = try TokenizerSchema(file.metadata)
        vocabulary = schema.vocabulary
        trie = try file.table(TokenizerSchema.trie, columns: Trie.nodeWidth)
        kind = try Kind(file, schema)
        let view = Trie(words: trie.elements(as: Int32.self), vocabulary: vocabulary)
        special = try SpecialTokens(schema, path: file.path) { view.id(of: $0) }
    }

    /// Turns a text into ids.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - limit: The most ids to return, with the start and end tokens.
    ///   - literals: The meaning of special tokens that are spelled in the text.
    /// - Returns: The ids, and whether the text had more.
    public func encode(_ text: String, limit: Int = .max, literals: LiteralHandling = .asText) -> TokenizedText {
        let trie = Trie(words: trie.elements(as: Int32.self), vocabulary: vocabulary)
        switch kind {
        case .wordPiece(let normalizer):
            return WordPiece(trie: trie, normalizer: normalizer, special: special)
                .encode(text, limit: limit, literals: literals)
        case .bytePair(let merges, let bytes, let addsPrefixSpace):
            return BytePair(
                pieces: trie, merges: MergeTable(words: merges.elements(as: Int32.self), vocabulary: vocabulary),
                bytes: bytes.elements(as: Int32.self), addsPrefixSpace: addsPrefixSpace, special: special
            ).encode(text, limit: limit, literals: literals)
        case .unigram(let scores, let characters, let rules):
            return Unigram(
                trie: trie, scores: scores.elements(as: Float.self), lowestScore: rules.lowestScore,
                characters: characters.map {
                    CharacterMap(
                        UnsafeRawBufferPointer($0.elements(as: Int8.self)), looksUpClusters: !rules.isAlbert)
                },
                words: Unigram.Words(rules.words), replacesQuotes: rules.isAlbert, special: special
            ).encode(text, limit: limit, literals: literals)
        }
    }
}

extension Tokenizer.Kind {
    init(_ file: ModelFile, _ schema: TokenizerSchema) throws(ModelFileError) {
        switch schema.algorithm {
        case .wordPiece(let rules):
            self = .wordPiece(
                Normalizer(
                    cleansText: rules.cleansText, splitsIdeographs: rules.splitsIdeographs,
                    stripsAccents: rules.stripsAccents, lowercases: rules.lowercases))
        case .byteLevelBPE(let addsPrefixSpace):
            let bytes = try file.tensor(TokenizerSchema.bytes)
            guard bytes.elements(as: Int32.self).allSatisfy({ $0 >= 0 && $0 < schema.vocabulary }) else {
                throw .invalid(path: file.path, reason: "a byte has a token that is not in its vocabulary")
            }
            self = .bytePair(
                merges: try file.table(TokenizerSchema.merges, columns: MergeTable.slotWidth), bytes: bytes,
                addsPrefixSpace: addsPrefixSpace)
        case .unigram(let rules):
            let count = file.tensor(named: TokenizerSchema.characters)?.shape[0]
            let characters = count.map { TensorSchema(TokenizerSchema.characters, .int8, [$0]) }
            var table: Tensor?
            if let characters { table = try file.tensor(characters) }
            self = .unigram(scores: try file.tensor(schema.scores), characters: table, rules)
        }
    }
}

extension SpecialTokens {
    /// Finds the ids of the special tokens of a schema.
    fileprivate init(
        _ schema: TokenizerSchema, path: String, lookUp: (String) -> Int32?
    ) throws(ModelFileError) {
        func id(_ token: String) throws(ModelFileError) -> Int32 {
            let stored = schema.specials.first { $0.text.utf8.elementsEqual(token.utf8) }?.id.map { Int32($0) }
            let isStored = schema.algorithm.kind != .wordpiece
            guard let id = isStored ? stored : lookUp(token) else {
                throw .invalid(path: path, reason: "its special token '\(token)' is not in its vocabulary")
            }
            return id
        }
        var literals: [Literal] = []
        for token in schema.specials {
            literals.append(
                Literal(text: token.text, id: try id(token.text), takesSpaceBefore: token.takesSpaceBefore))
        }
        self.init(
            unknown: try id(schema.unknown), start: try id(schema.start), end: try id(schema.end), literals: literals)
    }
}

extension ModelFile {
    /// Returns a table of int32 that has any number of rows.
    fileprivate func table(_ name: String, columns: Int) throws(ModelFileError) -> Tensor {
        guard let rows = tensor(named: name)?.shape[0] else { throw .missingTensor(path: path, name: name) }
        return try tensor(TensorSchema(name, .int32, [rows, columns]))
    }
}

extension Unigram.Words {
    fileprivate init(_ words: UnigramRules.Words) {
        switch words {
        case .whiteSpace: self = .whiteSpace
        case .spaces: self = .spaces
        case .allSpaces: self = .allSpaces
        }
    }
}
