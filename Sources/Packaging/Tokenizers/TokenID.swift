internal import JSON
import ModelFile

/// A token and its id.
struct TokenID {
    var text: String
    var id: Int

    /// Reads `model.vocab` of tokenizer.json, an object from tokens to ids.
    static func vocabulary(_ model: JSON, _ path: String) throws -> [TokenID] {
        guard let vocabulary = model["vocab"], let tokens = read(vocabulary) else {
            throw PackagingError.malformed(path: path, reason: "has no \"model.vocab\" from tokens to ids")
        }
        return tokens
    }

    /// Reads an object from tokens to ids, or returns nil if it is none.
    static func read(_ vocabulary: JSON) -> [TokenID]? {
        guard let members = vocabulary.members else { return nil }
        let tokens = members.compactMap { member in
            member.value.integer.map { TokenID(text: member.key, id: $0) }
        }
        return tokens.count == members.count ? tokens : nil
    }

    /// Sorts the tokens by their ids, which must run from 0 without a gap.
    ///
    /// If a token occurs several times, its last id counts. Tokens are compared by their bytes, because two tokens may be
    /// equal as strings of Swift: é in one Unicode scalar, and é in two.
    static func inOrder(_ vocabulary: [TokenID], path: String) throws -> [String] {
        let ids = Dictionary(vocabulary.map { (Array($0.text.utf8), $0.id) }) { $1 }
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
}

/// A token that is recognized before a text is split.
struct AddedToken {
    var token: TokenID
    /// Whether white space before the token belongs to it.
    var takesSpaceBefore: Bool

    /// Reads `added_tokens` of tokenizer.json, which must all be special tokens.
    static func read(_ file: JSONFile) throws -> [AddedToken] {
        try (file["added_tokens"]?.elements ?? []).compactMap { added in
            guard let text = added["content"]?.string, let id = added["id"]?.integer else { return nil }
            guard added["special"]?.bool == true else {
                throw PackagingError.unsupported(
                    path: file.path, what: "the added token '\(text)'", found: "not special",
                    expected: "special tokens only")
            }
            return AddedToken(token: TokenID(text: text, id: id), takesSpaceBefore: added["lstrip"]?.bool ?? false)
        }
    }
}

/// The special tokens of a vocabulary whose texts cannot spell them.
struct SpecialTokenSet {
    let unknown: String
    let start: String
    let end: String
    let tokens: [TokenizerSchema.SpecialToken]

    /// Finds the ids of the tokens.
    ///
    /// - Parameters:
    ///   - added: The tokens that are recognized before a text is split.
    ///   - roles: The tokens with a role. Those that are not among `added` are looked up in the vocabulary.
    ///   - vocabulary: All tokens in the order of their ids.
    ///   - path: The file, for errors.
    /// - Throws: `PackagingError` if a token with a role is not in the vocabulary, or there are too many.
    init(
        _ added: [AddedToken], roles: (unknown: String, start: String, end: String), vocabulary: [String], path: String
    ) throws {
        (unknown, start, end) = roles
        var tokens = added.map {
            TokenizerSchema.SpecialToken($0.token.text, id: $0.token.id, takesSpaceBefore: $0.takesSpaceBefore)
        }
        for role in [roles.unknown, roles.start, roles.end] where !tokens.contains(where: { $0.text == role }) {
            guard let id = vocabulary.firstIndex(of: role) else {
                throw PackagingError.malformed(
                    path: path, reason: "does not have the token '\(role)' in its vocabulary")
            }
            tokens.append(.init(role, id: id))
        }
        guard tokens.count <= ModelFile.maximumElements, !tokens.contains(where: { $0.text.isEmpty }) else {
            throw PackagingError.unsupported(
                path: path, what: "the number of special tokens", found: "\(tokens.count)",
                expected: "at most \(ModelFile.maximumElements), none of them empty")
        }
        self.tokens = tokens
    }
}

extension JSONFile {
    /// The tokens that `post_processor` of tokenizer.json puts before and after a text.
    func startAndEnd() throws -> (start: String, end: String) {
        let processor = self["post_processor"] ?? [:]
        let kind = processor["type"]?.summary ?? "missing"
        switch kind {
        case "RobertaProcessing", "BertProcessing":
            if let start = processor["cls"]?.elements?.first?.string,
                let end = processor["sep"]?.elements?.first?.string
            {
                return (start, end)
            }
        case "TemplateProcessing":
            let parts = processor["single"]?.elements ?? []
            if parts.count == 3, let start = parts[0]["SpecialToken"]?["id"]?.string, parts[1]["Sequence"] != nil,
                let end = parts[2]["SpecialToken"]?["id"]?.string
            {
                return (start, end)
            }
        default:
            throw unsupported(
                "the type of \"post_processor\"", kind, "RobertaProcessing, BertProcessing, TemplateProcessing")
        }
        throw PackagingError.malformed(
            path: path, reason: "has a \"post_processor\" that does not put one token before and one after a text")
    }
}
