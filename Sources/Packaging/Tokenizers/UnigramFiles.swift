import Foundation
internal import JSON
import ModelFile
import Text

/// The tokenizer of XLM-R or ALBERT, read from tokenizer.json or from a model of SentencePiece.
struct UnigramFiles: CheckpointTokenizer {
    let path: String
    private let tokens: [String]
    private let scores: [Float]
    private let special: SpecialTokenSet
    private let words: UnigramRules.Words
    /// The table that maps characters; empty if it maps none.
    private let characters: [UInt8]
    private let isAlbert: Bool

    /// Reads tokenizer.json.
    init(json file: JSONFile) throws {
        let model = file["model"] ?? [:]
        guard model.value("byte_fallback")?.bool != true else {
            throw file.unsupported("\"byte_fallback\" of the Unigram model", "true", "false")
        }
        let vocabulary = (model["vocab"]?.elements ?? []).compactMap { entry -> (String, Double)? in
            guard let pair = entry.elements, pair.count == 2, let token = pair[0].string, let score = pair[1].number
            else { return nil }
            return (token, score)
        }
        guard let unknown = model["unk_id"]?.integer, vocabulary.indices.contains(unknown),
            vocabulary.count == model["vocab"]?.elements?.count
        else {
            throw PackagingError.malformed(
                path: file.path, reason: "has no \"model.vocab\" of tokens and scores with an \"unk_id\"")
        }
        let rules = try UnigramNormalization(file)
        let ends = try file.startAndEnd()
        try self.init(
            path: file.path, vocabulary: vocabulary, added: AddedToken.read(file),
            roles: (vocabulary[unknown].0, ends.start, ends.end), words: rules.words, characters: rules.characters,
            isAlbert: rules.isAlbert)
    }

    /// Lays out a model of SentencePiece as XLM-R does.
    ///
    /// Four special tokens come first, then all pieces but the first three, and the mask is the last token.
    ///
    /// - Source: `XLMRobertaConverter` of Hugging Face transformers.
    init(_ model: SentencePieceModel) throws {
        let vocabulary =
            ["<s>", "<pad>", "</s>", "<unk>"].map { ($0, 0) } + model.pieces.dropFirst(3) + [("<mask>", 0)]
        let added = (Array(0..<4) + [vocabulary.count - 1]).map { id in
            AddedToken(token: TokenID(text: vocabulary[id].0, id: id), takesSpaceBefore: id >= 4)
        }
        try self.init(
            path: model.path, vocabulary: vocabulary, added: added, roles: ("<unk>", "<s>", "</s>"), words: .spaces,
            characters: model.characters)
    }

    /// Lays out a model of SentencePiece as ALBERT does, with the ids of the model.
    ///
    /// A piece that ends in a digit and a comma is all but forbidden, so that numbers are cut before the comma.
    ///
    /// - Source: `AlbertConverter` of Hugging Face transformers.
    init(albert model: SentencePieceModel, settings: JSON) throws {
        guard settings["keep_accents"]?.bool != true else {
            throw PackagingError.unsupported(
                path: model.path, what: "\"keep_accents\" of tokenizer_config.json", found: "true", expected: "false")
        }
        let vocabulary = model.pieces.map { piece in
            let end = piece.text.unicodeScalars.suffix(2).map(\.properties)
            let isNumber = piece.text.hasSuffix(",") && end.count == 2 && end[0].numericType != nil
            return (piece.text, isNumber ? piece.score - 100 : piece.score)
        }
        let added = vocabulary.enumerated().compactMap { id, piece in
            ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"].contains(piece.0)
                ? AddedToken(token: TokenID(text: piece.0, id: id), takesSpaceBefore: piece.0 == "[MASK]") : nil
        }
        try self.init(
            path: model.path, vocabulary: vocabulary, added: added, roles: ("<unk>", "[CLS]", "[SEP]"),
            words: .whiteSpace,
            characters: AlbertCharacters.table(
                model.characters, lowercases: settings["do_lower_case"]?.bool ?? true), isAlbert: true)
    }

    private init(
        path: String, vocabulary: [(text: String, score: Double)], added: [AddedToken],
        roles: (unknown: String, start: String, end: String), words: UnigramRules.Words, characters: [UInt8],
        isAlbert: Bool = false
    ) throws {
        self.isAlbert = isAlbert
        self.path = path
        self.words = words
        self.characters = characters
        var (tokens, scores) = (vocabulary.map(\.text), vocabulary.map { Float($0.score) })
        // Added tokens may be in the vocabulary, or follow it.
        for token in added.map(\.token) where token.id >= tokens.count {
            guard token.id == tokens.count else {
                throw PackagingError.malformed(
                    path: path,
                    reason: "gives the token '\(token.text)' the id \(token.id), but the next one is \(tokens.count)")
            }
            tokens.append(token.text)
            scores.append(0)
        }
        guard scores.allSatisfy(\.isFinite), !tokens.contains("") else {
            throw PackagingError.malformed(
                path: path, reason: "has a token that is empty, or a score that is not a finite number")
        }
        (self.tokens, self.scores) = (tokens, scores)
        special = try SpecialTokenSet(added, roles: roles, vocabulary: tokens, path: path)
    }
}

extension UnigramFiles {
    var schema: TokenizerSchema {
        let rules = UnigramRules(words: words, lowestScore: scores.min() ?? 0, isAlbert: isAlbert)
        return TokenizerSchema(
            .unigram(rules), vocabulary: tokens.count, unknown: special.unknown, start: special.start,
            end: special.end, specials: special.tokens)
    }

    var tensors: [ModelFile.NewTensor] {
        let hidden = Set(special.tokens.compactMap(\.id))
        // If a token occurs several times, its last id counts.
        var ids: [[UInt8]: Int32] = [:]
        for (id, token) in tokens.enumerated() where !hidden.contains(id) { ids[Array(token.utf8)] = Int32(id) }
        let trie = ModelFile.NewTensor.trie(Trie.build(ids.map { (bytes: $0.key, id: $0.value) }))
        let scores = ModelFile.NewTensor(schema.scores) { [scores] in littleEndianBytes(scores) }
        guard !characters.isEmpty else { return [trie, scores] }
        let table = TensorSchema(TokenizerSchema.characters, .int8, [characters.count])
        return [trie, scores, .init(table) { [characters] in characters }]
    }
}
