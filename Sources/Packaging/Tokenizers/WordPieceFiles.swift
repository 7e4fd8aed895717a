internal import JSON
import ModelFile
import Text

/// The tokenizer of BERT, read from tokenizer.json or vocab.txt, and from tokenizer_config.json.
struct WordPieceFiles: CheckpointTokenizer {
    let path: String
    /// The tokens in the order of their ids, without gaps.
    let tokens: [String]
    let normalizer: Normalizer
    let unknown: String
    let start: String
    let end: String
    /// The tokens that Hugging Face recognizes wherever a text spells them.
    let specials: [String]

    /// Reads tokenizer.json.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - configured: The contents of tokenizer_config.json, whose settings count instead of those in the file.
    /// - Throws: `PackagingError` if it cannot be packed.
    init(json file: JSONFile, configured: JSON) throws {
        let model = file["model"] ?? [:]
        let settings = try file.part("normalizer", type: "BertNormalizer")
        _ = try file.part("pre_tokenizer", type: "BertPreTokenizer")
        let prefix = model["continuing_subword_prefix"]?.string ?? "##"
        let longest = model["max_input_chars_per_word"]?.integer ?? 100
        guard prefix == "##", longest == 100 else {
            throw PackagingError.unsupported(
                path: file.path, what: "the WordPiece model's prefix and longest word",
                found: "'\(prefix)' and \(longest)", expected: "'##' and 100")
        }
        let added = try AddedToken.read(file)
        let lowercases = configured["do_lower_case"]?.bool ?? settings["lowercase"]?.bool ?? true
        let stripsAccents = configured["strip_accents"]?.bool ?? settings["strip_accents"]?.bool
        try self.init(
            path: file.path,
            tokens: TokenID.inOrder(TokenID.vocabulary(model, file.path) + added.map(\.token), path: file.path),
            normalizer: Normalizer(
                cleansText: settings["clean_text"]?.bool ?? true,
                splitsIdeographs: configured["tokenize_chinese_chars"]?.bool ?? settings["handle_chinese_chars"]?.bool
                    ?? true,
                stripsAccents: stripsAccents ?? lowercases, lowercases: lowercases),
            unknown: model["unk_token"]?.string ?? "[UNK]",
            ends: file["post_processor"] == nil ? Self.ends : try file.startAndEnd(),
            specials: added.map(\.token.text))
    }

    /// Reads vocab.txt, which has one token on each line.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - settings: The contents of tokenizer_config.json.
    /// - Throws: `PackagingError` if it cannot be packed.
    init(vocabulary path: String, settings: JSON) throws {
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
        // The vocabulary of MPNet starts with these tokens, and then has those of BERT, which no model of it uses.
        let isOfMPNet = tokens.starts(with: ["<s>", "<pad>", "</s>"])
        try self.init(
            path: path, tokens: tokens,
            normalizer: Normalizer(
                cleansText: true, splitsIdeographs: settings["tokenize_chinese_chars"]?.bool ?? true,
                stripsAccents: settings["strip_accents"]?.bool ?? lowercases, lowercases: lowercases),
            unknown: settings["unk_token"]?.string ?? "[UNK]", ends: isOfMPNet ? ("<s>", "</s>") : Self.ends,
            specials: (isOfMPNet
                ? ["<s>", "<pad>", "</s>", "[UNK]", "<mask>"] : ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]).filter {
                    tokens.contains($0)
                })
    }

    /// The tokens that BERT puts before and after a text.
    private static let ends = (start: "[CLS]", end: "[SEP]")

    private init(
        path: String, tokens: [String], normalizer: Normalizer, unknown: String, ends: (start: String, end: String),
        specials: [String]
    ) throws {
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
        (start, end) = ends
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

extension WordPieceFiles {
    /// What happens to a text before it is cut into pieces.
    var rules: WordPieceRules {
        WordPieceRules(
            cleansText: normalizer.cleansText, splitsIdeographs: normalizer.splitsIdeographs,
            stripsAccents: normalizer.stripsAccents, lowercases: normalizer.lowercases)
    }

    var schema: TokenizerSchema {
        TokenizerSchema(
            .wordPiece(rules), vocabulary: tokens.count, unknown: unknown, start: start, end: end,
            specials: specials.map { .init($0) })
    }

    var tensors: [ModelFile.NewTensor] { [.trie(Trie.build(tokens))] }
}
