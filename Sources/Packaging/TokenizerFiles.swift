import Foundation
import Text

/// A checkpoint's tokenizer, from tokenizer.json, or from vocab.txt and tokenizer_config.json.
struct TokenizerFiles {
    let path: String
    /// By id; no gaps.
    let tokens: [String]
    let normalizer: Normalizer
    let unknown: String
    let start: String
    let end: String
    /// The literals that Hugging Face takes for tokens wherever they stand.
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
            throw PackagingError.malformed(path: file.path, reason: "\"model.vocab\" is not an object of tokens to ids")
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
            path: file.path, ids: ids,
            normalizer: Normalizer(
                cleansText: settings["clean_text"] as? Bool ?? true,
                splitsIdeographs: settings["handle_chinese_chars"] as? Bool ?? true,
                stripsAccents: settings["strip_accents"] as? Bool ?? lowercases, lowercases: lowercases),
            unknown: model["unk_token"] as? String ?? "[UNK]", specials: specials)
    }

    private init(vocabulary path: String, settings: [String: Any]) throws {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw PackagingError.malformed(path: path, reason: "it is not UTF-8")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.hasSuffix("\r") ? $0.dropLast() : $0
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        var ids: [String: Int] = [:]
        for (id, line) in lines.enumerated() {
            guard ids.updateValue(id, forKey: String(line)) == nil else {
                throw PackagingError.malformed(
                    path: path, reason: "line \(id + 1) has the token '\(line)' a second time")
            }
        }
        let lowercases = settings["do_lower_case"] as? Bool ?? true
        try self.init(
            path: path, ids: ids,
            normalizer: Normalizer(
                cleansText: true, splitsIdeographs: settings["tokenize_chinese_chars"] as? Bool ?? true,
                stripsAccents: settings["strip_accents"] as? Bool ?? lowercases, lowercases: lowercases),
            unknown: settings["unk_token"] as? String ?? "[UNK]",
            specials: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].filter { ids[$0] != nil })
    }

    private init(path: String, ids: [String: Int], normalizer: Normalizer, unknown: String, specials: [String]) throws {
        self.path = path
        self.normalizer = normalizer
        self.unknown = unknown
        self.specials = specials
        start = "[CLS]"
        end = "[SEP]"
        var tokens = [String](repeating: "", count: ids.count)
        for (token, id) in ids {
            guard tokens.indices.contains(id), tokens[id].isEmpty, !token.isEmpty else {
                throw PackagingError.malformed(
                    path: path, reason: "the token '\(token)' has the id \(id): ids must run from 0 without a gap")
            }
            tokens[id] = token
        }
        self.tokens = tokens
        for token in [unknown, start, end] where ids[token] == nil {
            throw PackagingError.malformed(path: path, reason: "its vocabulary lacks the token '\(token)'")
        }
    }
}
