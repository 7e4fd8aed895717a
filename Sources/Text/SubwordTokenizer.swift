/// A tokenizer that cuts words into tokens of a vocabulary.
public protocol SubwordTokenizer {
    /// The tokens with a special role.
    var special: SpecialTokens { get }

    /// Appends the ids of a text in which no literal stands for a special token.
    ///
    /// It may stop as soon as there are more than `room` ids.
    ///
    /// - Parameters:
    ///   - text: the text as UTF-8, valid only during the call.
    ///   - ids: receives the ids after those that it has.
    ///   - room: the largest number of ids that are kept.
    func append(_ text: UnsafeBufferPointer<UInt8>, to ids: inout [Int32], room: Int)
}

extension SubwordTokenizer {
    /// Encodes a text.
    ///
    /// - Parameters:
    ///   - text: the text; it can be empty.
    ///   - limit: the largest number of ids, including the start and end tokens; at least 2 are always returned.
    ///   - literals: the meaning of special literals in `text`.
    /// - Returns: the start token, the tokens of the text that fit, and the end token.
    public func encode(_ text: String, limit: Int, literals: LiteralHandling = .asText) -> TokenizedText {
        let room = max(limit, 2) - 1  // for the start token and the text
        var ids = [special.start]
        var text = text
        text.withUTF8 { text in
            switch literals {
            case .asText: append(text, to: &ids, room: room)
            case .asHuggingFace: appendWithLiterals(text, to: &ids, room: room)
            }
        }
        let isTruncated = ids.count > room
        if isTruncated { ids.removeLast(ids.count - room) }
        ids.append(special.end)
        return TokenizedText(ids: ids, isTruncated: isTruncated)
    }

    /// Appends the ids of `text`, in which special literals stand for their tokens.
    ///
    /// Literals are found in the raw text, before it is normalized: the leftmost first, and at one place the longest.
    private func appendWithLiterals(_ text: UTF8Bytes, to ids: inout [Int32], room: Int) {
        var plain = 0
        var index = 0
        while index < text.count && ids.count <= room {
            let tail = text[index...]
            guard let literal = special.literals.first(where: { tail.starts(with: $0.text.utf8) }) else {
                index += 1
                continue
            }
            let end = literal.takesSpaceBefore ? text.startOfSpaces(before: index, notBefore: plain) : index
            append(UTF8Bytes(rebasing: text[plain..<end]), to: &ids, room: room)
            ids.append(literal.id)
            index += literal.text.utf8.count
            plain = index
        }
        append(UTF8Bytes(rebasing: text[plain...]), to: &ids, room: room)
    }
}

extension UTF8Bytes {
    /// Returns the start of the white space that ends at `index`, which is not below `limit`.
    fileprivate func startOfSpaces(before index: Int, notBefore limit: Int) -> Int {
        var index = index
        while index > limit, let (value, length) = codePoint(before: index), value.isSeparator { index -= length }
        return index
    }
}
