import Foundation
internal import JSON
import ModelFile
import Text

/// The tokenizer of RoBERTa, read from tokenizer.json, or from vocab.json and merges.txt.
struct BytePairFiles: CheckpointTokenizer {
    let path: String
    private let tokens: [String]
    private let addsPrefixSpace: Bool
    private let special: SpecialTokenSet
    private let merges: [(left: Int32, right: Int32, merged: Int32)]
    /// The id of the token of each byte.
    private let bytes: [Int32]

    /// Reads tokenizer.json.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - configured: The contents of tokenizer_config.json.
    /// - Throws: `PackagingError` if it cannot be packed.
    init(json file: JSONFile, configured: JSON) throws {
        let model = file["model"] ?? [:]
        let plain: [(key: String, value: JSON)] = [
            ("dropout", .null), ("continuing_subword_prefix", .string("")), ("end_of_word_suffix", .string("")),
            ("byte_fallback", .bool(false)), ("ignore_merges", .bool(false)),
        ]
        for (key, plain) in plain {
            guard let found = model.value(key), found != plain else { continue }
            throw file.unsupported("\"\(key)\" of the BPE model", found.summary, plain.summary)
        }
        if let normalizer = file["normalizer"] {
            throw file.unsupported("\"normalizer\" of a BPE model", normalizer["type"]?.summary ?? "present", "null")
        }
        let splitter = try file.part("pre_tokenizer", type: "ByteLevel")
        guard splitter["use_regex"]?.bool ?? true else {
            throw file.unsupported("\"use_regex\" of the pre-tokenizer", "false", "true")
        }
        let added = try AddedToken.read(file)
        let ends = try file.startAndEnd()
        try self.init(
            path: file.path, vocabulary: TokenID.vocabulary(model, file.path), added: added,
            roles: (model.value("unk_token")?.string ?? configured.token("unk_token") ?? "<unk>", ends.start, ends.end),
            merges: (model["merges"]?.elements ?? []).map { Self.pair($0) },
            addsPrefixSpace: configured["add_prefix_space"]?.bool ?? splitter["add_prefix_space"]?.bool ?? true)
    }

    /// Reads vocab.json and merges.txt, whose first line is a comment.
    ///
    /// - Parameters:
    ///   - folder: The folder of the files.
    ///   - settings: The contents of tokenizer_config.json.
    /// - Throws: `PackagingError` if it cannot be packed.
    init(folder: String, settings: JSON) throws {
        let path = "\(folder)/vocab.json"
        guard let vocabulary = try TokenID.read(JSONFile(path: path).object) else {
            throw PackagingError.malformed(path: path, reason: "is not an object from tokens to ids")
        }
        let lines = try CheckpointFile.bytes("\(folder)/merges.txt").split(separator: 0x0A).map {
            String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self)
        }
        func token(_ role: String, _ usual: String) -> String { settings.token(role) ?? usual }
        let start = token("cls_token", settings.token("bos_token") ?? "<s>")
        let end = token("sep_token", settings.token("eos_token") ?? "</s>")
        let (unknown, mask) = (token("unk_token", "<unk>"), token("mask_token", "<mask>"))
        let ids = Dictionary(vocabulary.map { ($0.text, $0.id) }) { $1 }
        let added = [start, token("pad_token", "<pad>"), end, unknown, mask].compactMap { text in
            ids[text].map { AddedToken(token: TokenID(text: text, id: $0), takesSpaceBefore: text == mask) }
        }
        try self.init(
            path: path, vocabulary: vocabulary, added: added, roles: (unknown, start, end),
            merges: lines.enumerated().filter { $0.offset > 0 || !$0.element.hasPrefix("#version") }.map {
                Self.pair(.string($0.element))
            },
            addsPrefixSpace: settings["add_prefix_space"]?.bool ?? false)
    }

    /// Both tokens of a merge, which is an array of two texts, or one text with a space between them.
    private static func pair(_ merge: JSON) -> [String] {
        merge.elements?.compactMap(\.string)
            ?? (merge.string?.utf8.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) } ?? [])
    }

    private init(
        path: String, vocabulary: [TokenID], added: [AddedToken],
        roles: (unknown: String, start: String, end: String), merges: [[String]], addsPrefixSpace: Bool
    ) throws {
        self.path = path
        self.addsPrefixSpace = addsPrefixSpace
        tokens = try TokenID.inOrder(vocabulary + added.map(\.token), path: path)
        special = try SpecialTokenSet(added, roles: roles, vocabulary: tokens, path: path)
        let ids = Dictionary(uniqueKeysWithValues: tokens.enumerated().map { (Array($1.utf8), Int32($0)) })
        bytes = try ByteAlphabet.characters.map { character in
            guard let id = ids[Array(String(character).utf8)] else {
                throw PackagingError.malformed(
                    path: path, reason: "does not have the token '\(character)', which stands for a byte")
            }
            return id
        }
        self.merges = try merges.map { pair in
            guard pair.count == 2, let left = ids[Array(pair[0].utf8)], let right = ids[Array(pair[1].utf8)],
                let merged = ids[Array(pair[0].utf8) + Array(pair[1].utf8)]
            else {
                throw PackagingError.malformed(
                    path: path,
                    reason: "has the merge '\(pair.joined(separator: " "))', whose tokens are not all in the vocabulary"
                )
            }
            return (left, right, merged)
        }
    }
}

extension BytePairFiles {
    var schema: TokenizerSchema {
        TokenizerSchema(
            .byteLevelBPE(addsPrefixSpace: addsPrefixSpace), vocabulary: tokens.count, unknown: special.unknown,
            start: special.start, end: special.end, specials: special.tokens)
    }

    var tensors: [ModelFile.NewTensor] {
        let slots = MergeTable.build(merges)
        return [
            .trie(Trie.build(pieces(slots))),
            .table(TokenizerSchema.merges, slots, columns: MergeTable.slotWidth),
            .init(TokenizerSchema.bytes) { [bytes] in littleEndianBytes(bytes) },
        ]
    }

    /// The tokens that their own bytes are merged into.
    ///
    /// A token that no merge leads to is not among them.
    private func pieces(_ slots: [Int32]) -> [(bytes: [UInt8], id: Int32)] {
        slots.withUnsafeBufferPointer { slots in
            bytes.withUnsafeBufferPointer { bytes in
                let table = MergeTable(words: slots, vocabulary: tokens.count)
                return tokens.enumerated().compactMap { id, token in
                    guard let piece = ByteAlphabet.bytes(of: token), !piece.isEmpty,
                        BytePair.merged(piece, bytes: bytes, merges: table) == [Int32(id)]
                    else { return nil }
                    return (piece, Int32(id))
                }
            }
        }
    }
}

extension JSON {
    /// The token under a key of tokenizer_config.json: a text, or an object with the text.
    func token(_ role: String) -> String? { value(role).flatMap { $0.string ?? $0["content"]?.string } }
}
