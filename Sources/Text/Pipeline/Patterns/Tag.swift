/// A mention or a hashtag: a marker and the word characters after it.
struct Tag: Sendable {
    /// `@` or `#`.
    let marker: UInt8
    /// Whether tags count inside words and links too.
    let isAnywhere: Bool

    /// The option for `isAnywhere`.
    static let anywhere = StepOption("anywhere", .flag)

    /// Returns the end of the mention or hashtag at `index`, or nil if none begins there.
    static func end(in text: UTF8Bytes, from index: Int) -> Int? {
        guard text[index] == 0x40 || text[index] == 0x23, !text.isWordCharacter(before: index),
            case let end = text.endOfWordCharacters(from: index + 1), end > index + 1
        else { return nil }
        return end
    }

    /// Returns the first tag that begins at `start` or after it, or nil.
    func next(in text: UTF8Bytes, from start: Int) -> Range<Int>? {
        var index = start
        while index < text.count {
            if !isAnywhere, let end = Link.end(in: text, from: index) {
                index = end
                continue
            }
            if text[index] == marker, isAnywhere || stands(at: index, in: text),
                case let end = text.endOfWordCharacters(from: index + 1), end > index + 1
            {
                return index..<end
            }
            index += 1
        }
        return nil
    }

    /// Whether what is before `index` allows a tag there: no word, no other `@`, no reference such as `&#39;`.
    private func stands(at index: Int, in text: UTF8Bytes) -> Bool {
        guard let before = text.codePoint(before: index)?.value else { return true }
        return !before.isWordCharacter && before != 0x40 && before != 0x26
    }
}
