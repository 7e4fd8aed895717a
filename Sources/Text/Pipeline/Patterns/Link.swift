/// Links in a text: `http://…`, `https://…` and `www.…`, up to white space.
///
/// Punctuation at the end, such as the dot of a sentence, is not part of a link.
enum Link {
    /// Returns the end of the link that begins at `index`, or nil if none begins there.
    @inline(__always)
    static func end(in text: UTF8Bytes, from index: Int) -> Int? {
        guard let start = endOfPrefix(in: text, from: index, isInsideWord: text.isWordCharacter(before: index)) else {
            return nil
        }
        var end = text.nextSpace(from: start)
        while end > start, let (value, length) = text.codePoint(before: end), !value.isWordCharacter, value != 0x2F {
            end -= length
        }
        return end > start ? end : nil
    }

    /// Returns the end of `http://`, `https://` or `www.` at `index`, or nil; inside a word, `www.` does not count.
    @inline(__always)
    static func endOfPrefix(in text: UTF8Bytes, from index: Int, isInsideWord: @autoclosure () -> Bool) -> Int? {
        switch text[index] | 0x20 {
        case 0x68:
            if text.hasPrefix("http://", at: index) { return index + 7 }
            if text.hasPrefix("https://", at: index) { return index + 8 }
            return nil
        case 0x77: return text.hasPrefix("www.", at: index) && !isInsideWord() ? index + 4 : nil
        default: return nil
        }
    }
}
