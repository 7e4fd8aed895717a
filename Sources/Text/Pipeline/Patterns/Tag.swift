/// A mention or a hashtag: a marker and the word characters after it.
struct Tag: Sendable {
    /// `@` or `#`.
    let marker: UInt8
    /// Whether tags count inside words and links too.
    let isAnywhere: Bool

    /// The option for `isAnywhere`.
    static let anywhere = StepOption("anywhere", .flag)

    /// Returns the first tag that begins at `start` or after it, or nil.
    func next(in text: UTF8Bytes, from start: Int) -> Range<Int>? {
        for index in start..<text.count where text[index] == marker {
            let end = text.endOfWordCharacters(from: index + 1)
            guard end > index + 1, isAnywhere || stands(at: index, in: text) else { continue }
            return index..<end
        }
        return nil
    }

    /// Whether what is before `index` allows a tag there: no word, no other `@`, no reference such as `&#39;`, no link.
    private func stands(at index: Int, in text: UTF8Bytes) -> Bool {
        guard let before = text.codePoint(before: index)?.value else { return true }
        return !before.isWordCharacter && before != 0x40 && before != 0x26 && !Link.contains(index, in: text)
    }
}
