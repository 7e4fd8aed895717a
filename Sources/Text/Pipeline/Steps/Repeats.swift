/// Shortens runs of the same letter: with a limit of 2, `soooo` becomes `soo`.
struct Repeats: TextStep, Substitution {
    static let name = "repeats"
    static let options = [
        StepOption("limit", .number(1...9, default: 2)),
        StepOption("any", .flag),
    ]

    private let limit: Int
    /// Whether other characters than letters are shortened too, except white space and digits.
    private let isForAny: Bool

    init(_ options: StepOptions) {
        limit = options.number("limit")
        isForAny = options.has("any")
    }

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        var index = start
        while index + limit < text.count {
            if let end = Link.end(in: text, from: index) {
                index = end
                continue
            }
            // Most bytes differ from the one after them; this also holds for the last byte of a longer character.
            if limit > 1 && text[index] < 0x80 && text[index] != text[index + 1] {
                index += 1
                continue
            }
            let (value, length) = text.codePoint(at: index)
            var end = index + length
            while end < text.count, text.codePoint(at: end) == (value, length) { end += length }
            let kept = index + limit * length
            if end > kept, isShortened(value) { return kept..<end }
            index = end
        }
        return nil
    }

    private func isShortened(_ value: UInt32) -> Bool {
        let isDigit = value < 0x80 && UInt8(value).isDigit
        guard !isForAny else { return !value.isSpace && !isDigit }
        return value != 0x5F && !isDigit && value.isWordCharacter
    }
}
