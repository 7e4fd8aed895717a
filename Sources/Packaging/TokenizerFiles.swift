internal import JSON
import ModelFile
import Text

/// The tokenizer of a checkpoint, read from tokenizer.json, or from vocab.txt and tokenizer_config.json.
struct TokenizerFiles {
    let path: String
    /// The tokens in the order of their ids, without gaps.
    let tokens: [String]
    let normalizer: Normalizer
    let unknown: String
    let start: String
    let end: String
    /// The tokens that Hugging Face recognizes wherever a text spells them.
    let specials: [String]

    /// Reads the tokenizer in a folder.
    ///
    /// - Parameter folder: The folder of the tokenizer.
    /// - Throws: `PackagingError` if there is none, or if it cannot be packed.
    init(folder: String) throws {
        let json = "\(folder)/tokenizer.json"
        let text = "\(folder)/vocab.txt"
        if CheckpointFile.exists(json) {
            try self.init(json: JSONFile(path: json))
        } else if CheckpointFile.exists(text) {
            let settings = "\(folder)/tokenizer_config.json"
            try self.init(
                vocabulary: text, settings: CheckpointFile.exists(settings) ? JSONFile(path: settings).object : [:])
        } else {
            throw PackagingError.missingTokenizer(path: folder, elsewhere: CheckpointFolder.tokenizer(of: folder))
        }
    }

    private init(json file: JSONFile) throws {
        func part(_ key: String, type expected: String) throws -> JSON {
            let part = file[key] ?? [:]
            let found = part["type"]?.summary ?? "missing"
            guard found == expected else {
                throw PackagingError.unsupported(
                    path: file.path, what: "the type of \"\(key)\"", found: "'\(found)'", expected: expected)
            }
            return part
        }
        let model = try part("model", type: "WordPiece")
        let settings = try part("normalizer", type: "BertNormalizer")
        _ = try part("pre_tokenizer", type: "BertPreTokenizer")
        let prefix = model["continuing_subword_prefix"]?.string ?? "##"
        let longest = model["max_input_chars_per_word"]?.integer ?? 100
        guard prefix == "##", longest == 100 else {
            throw PackagingError.unsupported(
                path: file.path, what: "the WordPiece model's prefix and longest word",
                found: "'\(prefix)' and \(longest)", expected: "'##' and 100")
        }
        let added = try Self.added(file)
        let lowercases = settings["lowercase"]?.bool ?? true
        try self.init(
            path: file.path, tokens: Self.inOrder(Self.vocabulary(model, file.path), and: added, path: file.path),
            normalizer: Normalizer(
                cleansText: settings["clean_text"]?.bool ?? true,
                splitsIdeographs: settings["handle_chinese_chars"]?.bool ?? true,
                stripsAccents: settings["strip_accents"]?.bool ?? lowercases, lowercases: lowercases),
            unknown: model["unk_token"]?.string ?? "[UNK]", specials: added.map(\.token))
    }

    private typealias TokenID = (token: String, id: Int)

    private static func vocabulary(_ model: JSON, _ path: String) throws -> [TokenID] {
        let members = model["vocab"]?.members ?? []
        let tokens = members.compactMap { member in member.value.integer.map { (member.key, $0) } }
        guard model["vocab"]?.members != nil, tokens.count == members.count else {
            throw PackagingError.malformed(path: path, reason: "has no \"model.vocab\" from tokens to ids")
        }
        return tokens
    }

    private static func added(_ file: JSONFile) throws -> [TokenID] {
        try (file["added_tokens"]?.elements ?? []).compactMap { added in
            guard let content = added["content"]?.string, let id = added["id"]?.integer else { return nil }
            guard added["special"]?.bool == true else {
                throw PackagingError.unsupported(
                    path: file.path, what: "the added token '\(content)'", found: "not special",
                    expected: "special tokens only")
            }
            return (content, id)
        }
    }

    private init(vocabulary path: String, settings: JSON) throws {
        let bytes = try CheckpointFile.bytes(path)
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw PackagingError.malformed(path: path, reason: "is not UTF-8")
        }
        // Lines are split by bytes, because Swift's strings treat CR LF as one character.
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            $0.last == 0x0D ? $0.dropLast() : $0
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        let tokens = lines.map { String(decoding: $0, as: UTF8.self) }
        let lowercases = settings["do_lower_case"]?.bool ?? true
        try self.init(
            path: path, tokens: tokens,
            normalizer: Normalizer(
                cleansText: true, splitsIdeographs: settings["tokenize_chinese_chars"]?.bool ?? true,
                stripsAccents: settings["strip_accents"]?.bool ?? lowercases, lowercases: lowercases),
            unknown: settings["unk_token"]?.string ?? "[UNK]",
            specials: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].filter { tokens.contains($0) })
    }

    /// Sorts the tokens by their ids, which must run from 0 without a gap.
    ///
    /// If a token occurs several times, its last id counts. Tokens are compared by their bytes, because two tokens may be
    /// equal as strings of Swift: é in one Unicode scalar, and é in two.
    private static func inOrder(_ vocabulary: [TokenID], and added: [TokenID], path: String) throws -> [String] {
        let ids = Dictionary((vocabulary + added).map { (Array($0.token.utf8), $0.id) }) { $1 }
        var tokens = [String](repeating: "", count: ids.count)
        for (bytes, id) in ids {
            let token = String(decoding: bytes, as: UTF8.self)
            guard tokens.indices.contains(id), tokens[id].isEmpty else {
                throw PackagingError.malformed(
                    path: path,
                    reason:
                        "gives the token '\(token)' the id \(id), but ids must run from 0 without a gap or repetition")
            }
            tokens[id] = token
        }
        return tokens
    }

    private init(path: String, tokens: [String], normalizer: Normalizer, unknown: String, specials: [String]) throws {
        self.path = path
        self.tokens = tokens
        self.normalizer = normalizer
        self.unknown = unknown
        guard specials.count <= ModelFile.maximumElements else {
            throw PackagingError.unsupported(
                path: path, what: "the number of special tokens", found: "\(specials.count)",
                expected: "at most \(ModelFile.maximumElements)")
        }
        self.specials = specials
        start = "[CLS]"
        end = "[SEP]"
        var seen: Set<[UInt8]> = []
        for (id, token) in tokens.enumerated() where token.isEmpty || !seen.insert(Array(token.utf8)).inserted {
            throw PackagingError.malformed(
                path: path, reason: "has the token '\(token)' with the id \(id), which is empty or occurs twice")
        }
        for token in [unknown, start, end] where !seen.contains(Array(token.utf8)) {
            throw PackagingError.malformed(path: path, reason: "does not have the token '\(token)' in its vocabulary")
        }
    }
}

extension TokenizerFiles {
    /// The keys of the model file.
    var schema: TokenizerSchema {
        TokenizerSchema(
            vocabulary: tokens.count, cleansText: normalizer.cleansText,
            splitsIdeographs: normalizer.splitsIdeographs, stripsAccents: normalizer.stripsAccents,
            lowercases: normalizer.lowercases, unknown: unknown, start: start, end: end, specials: specials)
    }
}
