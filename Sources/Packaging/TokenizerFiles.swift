import Foundation
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

    init(folder: String) throws {
        let json = "\(folder)/tokenizer.json"
        let text = "\(folder)/vocab.txt"
        if FileManager.default.fileExists(atPath: json) {
            try self.init(json: JSONFile(path: json))
        } else if FileManager.default.fileExists(atPath: text) {
            let configuration = "\(folder)/tokenizer_config.json"
            let settings =
                FileManager.default.fileExists(atPath: configuration) ? try JSONFile(path: configuration).object : [:]
            try self.init(vocabulary: text, settings: settings)
        } else {
            throw PackagingError.missingFile(path: folder, expected: "tokenizer.json or vocab.txt")
        }
    }

    private init(json file: JSONFile) throws {
        func part(_ key: String, type expected: String) throws -> [String: Any] {
            let part = file.object[key] as? [String: Any] ?? [:]
            let found = part["type"] as? String ?? "missing"
            guard found == expected else {
                throw PackagingError.unsupported(
                    path: file.path, what: "the type of \"\(key)\"", found: "'\(found)'", expected: expected)
            }
            return part
        }
        let model = try part("model", type: "WordPiece")
        let settings = try part("normalizer", type: "BertNormalizer")
        _ = try part("pre_tokenizer", type: "BertPreTokenizer")
        let prefix = model["continuing_subword_prefix"] as? String ?? "##"
        let longest = model["max_input_chars_per_word"] as? Int ?? 100
        guard prefix == "##", longest == 100 else {
            throw PackagingError.unsupported(
                path: file.path, what: "the WordPiece model's prefix and longest word",
                found: "'\(prefix)' and \(longest)", expected: "'##' and 100")
        }
        guard var ids = model["vocab"] as? [String: Int] else {
            throw PackagingError.malformed(path: file.path, reason: "has no \"model.vocab\" from tokens to ids")
        }
        var specials: [String] = []
        for added in file.object["added_tokens"] as? [[String: Any]] ?? [] {
            guard let content = added["content"] as? String, let id = added["id"] as? Int else { continue }
            guard added["special"] as? Bool == true else {
                throw PackagingError.unsupported(
                    path: file.path, what: "the added token '\(content)'", found: "not special",
                    expected: "special tokens only")
            }
            ids[content] = id
            specials.append(content)
        }
        let lowercases = settings["lowercase"] as? Bool ?? true
        try self.init(
            path: file.path, tokens: Self.inOrder(ids, path: file.path),
            normalizer: Normalizer(
                cleansText: settings["clean_text"] as? Bool ?? true,
                splitsIdeographs: settings["handle_chinese_chars"] as? Bool ?? true,
                stripsAccents: settings["strip_accents"] as? Bool ?? lowercases, lowercases: lowercases),
            unknown: model["unk_token"] as? String ?? "[UNK]", specials: specials)
    }

    private init(vocabulary path: String, settings: [String: Any]) throws {
        guard let data = FileManager.default.contents(atPath: path), String(data: data, encoding: .utf8) != nil else {
            throw PackagingError.malformed(path: path, reason: "is not UTF-8")
        }
        // Lines are split by bytes, because Swift's strings treat CR LF as one character, and treat é as equal to e
        // with an accent.
        var lines = data.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            $0.last == 0x0D ? $0.dropLast() : $0
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        let tokens = lines.map { String(decoding: $0, as: UTF8.self) }
        let lowercases = settings["do_lower_case"] as? Bool ?? true
        try self.init(
            path: path, tokens: tokens,
            normalizer: Normalizer(
                cleansText: true, splitsIdeographs: settings["tokenize_chinese_chars"] as? Bool ?? true,
                stripsAccents: settings["strip_accents"] as? Bool ?? lowercases, lowercases: lowercases),
            unknown: settings["unk_token"] as? String ?? "[UNK]",
            specials: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].filter { tokens.contains($0) })
    }

    /// Sorts the tokens by their ids, which must run from 0 without a gap.
    private static func inOrder(_ ids: [String: Int], path: String) throws -> [String] {
        var tokens = [String](repeating: "", count: ids.count)
        for (token, id) in ids {
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
