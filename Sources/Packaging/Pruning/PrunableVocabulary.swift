public import ModelFile
import Text

/// The word pieces of a model, from which those that texts do not use can be left out.
public struct PrunableVocabulary {
    /// The pieces in the order of their ids.
    let tokens: [String]
    private let rules: WordPieceRules
    /// The tokens that have a task of their own.
    private let specials: [String]
    private let trie: [Int32]

    /// Reads the vocabulary of a model file.
    ///
    /// - Parameter file: The file of a transformer.
    /// - Throws: `ModelFileError` if the model is not a transformer, or its vocabulary is not valid.
    public init(_ file: ModelFile) throws(ModelFileError) {
        let family = try ModelCard(file).family
        guard family == TransformerSchema.family else {
            throw .invalid(
                path: file.path, reason: "the family '\(family)' has no word pieces; only a transformer can be pruned")
        }
        let tokenizer = try TokenizerSchema(file.metadata)
        guard case .wordPiece(let rules) = tokenizer.algorithm else {
            throw .invalid(
                path: file.path,
                reason:
                    "its tokenizer is \(tokenizer.algorithm.kind.rawValue); only a vocabulary of WordPiece can be pruned"
            )
        }
        guard let nodes = file.tensor(named: TokenizerSchema.trie)?.shape[0] else {
            throw .missingTensor(path: file.path, name: TokenizerSchema.trie)
        }
        let tensor = try file.tensor(TensorSchema(TokenizerSchema.trie, .int32, [nodes, Trie.nodeWidth]))
        trie = Array(tensor.elements(as: Int32.self))
        let count = tokenizer.vocabulary
        let found = trie.withUnsafeBufferPointer { Trie(words: $0, vocabulary: count).tokens() }
        let tokens = (0..<count).compactMap { found[Int32($0)] }
        guard tokens.count == count else {
            throw .invalid(path: file.path, reason: "some ids of its vocabulary have no word piece")
        }
        self.tokens = tokens
        self.rules = rules
        specials = Self.specials(tokenizer)
    }

    init(_ files: WordPieceFiles) {
        tokens = files.tokens
        rules = files.rules
        specials = Self.specials(files.schema)
        trie = Trie.build(files.tokens)
    }

    /// The number of pieces.
    public var count: Int { tokens.count }

    /// Finds the pieces that texts use.
    ///
    /// A piece that is found in a word that becomes unknown belongs to them too.
    ///
    /// - Parameter texts: The texts.
    /// - Returns: For each text the ids of its pieces.
    public func pieces(of texts: [String]) -> [[Int32]] {
        trie.withUnsafeBufferPointer { words in
            let trie = Trie(words: words, vocabulary: tokens.count)
            let wordPiece = WordPiece(
                trie: trie,
                normalizer: Normalizer(
                    cleansText: rules.cleansText, splitsIdeographs: rules.splitsIdeographs,
                    stripsAccents: rules.stripsAccents, lowercases: rules.lowercases),
                special: .init(unknown: 0, start: 0, end: 0, literals: []))
            return texts.map { text in
                var ids: [Int32] = []
                wordPiece.forEachMatch(in: text) { ids.append($0) }
                return ids
            }
        }
    }

    /// The ids of the pieces that stay: those that texts use, special tokens, and single characters.
    ///
    /// With single characters, a word that has a piece which does not stay is cut into smaller ones.
    ///
    /// - Parameters:
    ///   - pieces: The ids of the pieces of each text.
    ///   - minCount: The fewest times that a piece must occur in all texts.
    /// - Returns: The ids, ascending.
    public func kept(for pieces: [[Int32]], minCount: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: tokens.count)
        for id in pieces.joined() { counts[Int(id)] += 1 }
        // Bytes are compared, because two pieces may be equal as strings of Swift.
        let special = Set(specials.map { Array($0.utf8) })
        return tokens.indices.filter { id in
            counts[id] >= minCount || Self.isCharacter(tokens[id]) || special.contains(Array(tokens[id].utf8))
        }
    }

    private static func specials(_ tokenizer: TokenizerSchema) -> [String] {
        // The padding token has no task here, but programs that pad expect it.
        tokenizer.specials.map(\.text) + [tokenizer.unknown, tokenizer.start, tokenizer.end, "[PAD]", "[MASK]"]
    }

    /// Whether a piece is one character, at the start of a word or inside it.
    private static func isCharacter(_ piece: String) -> Bool {
        let scalars = piece.unicodeScalars
        return scalars.count == 1 || (scalars.count == 3 && scalars.starts(with: "##".unicodeScalars))
    }
}
