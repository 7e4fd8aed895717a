import Foundation
internal import JSON
import ModelFile
import Text

/// The tokenizer of XLM-R, read from tokenizer.json or from a model of SentencePiece.
struct UnigramFiles: CheckpointTokenizer {
    let path: String
    private let tokens: [String]
    private let scores: [Float]
    private let special: SpecialTokenSet
    private let words: UnigramRules.Words
    /// The table that maps characters; empty if it maps none.
    private let characters: [UInt8]

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
            roles: (vocabulary[unknown].0, ends.start, ends.end), words: rules.words, characters: rules.characters)
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

    private init(
        path: String, vocabulary: [(text: String, score: Double)], added: [AddedToken],
        roles: (unknown: String, start: String, end: String), words: UnigramRules.Words, characters: [UInt8]
    ) throws {
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
        let rules = UnigramRules(words: words, lowestScore: scores.min() ?? 0)
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

/// How tokenizer.json changes a text before Unigram, as far as Pinson can do the same.
private struct UnigramNormalization {
    var characters: [UInt8] = []
    let words: UnigramRules.Words

    init(_ file: JSONFile) throws {
        func kinds(_ key: String, _ list: String) -> [JSON] {
            guard let part = file[key] else { return [] }
            return part["type"]?.string == "Sequence" ? part[list]?.elements ?? [] : [part]
        }
        func names(_ parts: [JSON]) -> String { parts.map { $0["type"]?.summary ?? "?" }.joined(separator: ", ") }
        var changes = kinds("normalizer", "normalizers")
        if changes.first?["type"]?.string == "Precompiled" {
            let text = changes.removeFirst()["precompiled_charsmap"]?.string ?? ""
            guard let table = Data(base64Encoded: text), !table.isEmpty else {
                throw PackagingError.malformed(path: file.path, reason: "has a table of characters that is not Base64")
            }
            characters = Array(table)
        }
        let splitters = kinds("pre_tokenizer", "pretokenizers")
        let isStandard =
            changes.count == 2 && changes[0]["strip_left"]?.bool == false && changes[0]["strip_right"]?.bool == true
            && changes[1]["pattern"]?["Regex"]?.string == " {2,}" && changes[1]["content"]?.string == "▁"
        switch (names(changes), names(splitters)) {
        case ("", "WhitespaceSplit, Metaspace"): words = .whiteSpace
        case ("Strip, Replace", "Metaspace") where isStandard: words = .spaces
        case (let found, let splitter):
            throw file.unsupported(
                "the chain of normalizers and pre-tokenizers of a Unigram model", "\(found); \(splitter)",
                "that of XLM-R")
        }
        let mark = splitters.last ?? [:]
        guard mark["replacement"]?.string == "▁", mark["split"]?.bool ?? true,
            mark["prepend_scheme"]?.string ?? (mark["add_prefix_space"]?.bool == false ? "never" : "always") == "always"
        else { throw file.unsupported("the Metaspace pre-tokenizer", mark.summary, "'▁' before every word") }
    }
}
