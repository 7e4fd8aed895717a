/// Splits a text into the pieces to which byte-pair encoding is applied, as GPT-2 and RoBERTa do.
///
/// A piece is what this expression matches: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
/// So a space belongs to the word after it, and nothing of a text is lost.
///
/// - Source: `encoder.py` of GPT-2; the pre-tokenizer `ByteLevel` of Hugging Face tokenizers.
enum ByteLevelScanner {
    private enum Kind { case letter, number, space, other }

    /// Returns the end of the piece that begins at `start`, which must be inside the text.
    static func endOfPiece(in text: UTF8Bytes, from start: Int) -> Int {
        if text[start] == 0x27, let end = endOfContraction(in: text, from: start) { return end }
        let first = text[start] == 0x20 && start + 1 < text.count ? start + 1 : start
        let (kind, length) = kind(in: text, at: first)
        if kind != .space { return end(of: kind, in: text, from: first + length) }
        let last = end(of: .space, in: text, from: first + length)
        guard last < text.count, let (_, lastLength) = text.codePoint(before: last) else { return last }
        // The last space belongs to the next piece, unless it is the only one.
        return last - lastLength > start ? last - lastLength : last
    }

    private static func end(of kind: Kind, in text: UTF8Bytes, from start: Int) -> Int {
        var index = start
        while index < text.count, case let next = self.kind(in: text, at: index), next.kind == kind {
            index += next.length
        }
        return index
    }

    /// The ends of contractions, in lower case only.
    private static func endOfContraction(in text: UTF8Bytes, from start: Int) -> Int? {
        guard start + 1 < text.count else { return nil }
        let letter = text[start + 1]
        if letter == 0x73 || letter == 0x74 || letter == 0x6D || letter == 0x64 { return start + 2 }  // s, t, m, d
        guard start + 2 < text.count else { return nil }
        return switch (letter, text[start + 2]) {
        case (0x72, 0x65), (0x76, 0x65), (0x6C, 0x6C): start + 3  // re, ve, ll
        default: nil
        }
    }

    @inline(__always)
    private static func kind(in text: UTF8Bytes, at index: Int) -> (kind: Kind, length: Int) {
        let byte = text[index]
        guard byte >= 0x80 else {
            let kind: Kind =
                byte.isLetter
                ? .letter : byte.isDigit ? .number : byte == 0x20 || byte >= 0x09 && byte <= 0x0D ? .space : .other
            return (kind, 1)
        }
        let (value, length) = text.codePoint(at: index)
        if ByteLevelTables.letters.containsRange(of: value) { return (.letter, length) }
        if ByteLevelTables.numbers.containsRange(of: value) { return (.number, length) }
        return (ByteLevelTables.spaces.containsRange(of: value) ? .space : .other, length)
    }
}
