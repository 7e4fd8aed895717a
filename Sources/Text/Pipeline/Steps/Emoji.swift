/// Replaces emoji by their names: `😍` becomes `smiling face with heart-eyes`.
struct Emoji: TextStep, Substitution {
    static let name = "emoji"
    static let options = [StepOption("codes", .flag)]

    /// Whether a name is written as one word between colons, `:red_heart:`, and a skin tone is part of it.
    private let isCode: Bool

    init(_ options: StepOptions) { isCode = options.has("codes") }

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        for index in start..<text.count where canBegin(in: text, at: index) {
            guard let sequence = EmojiSequence(in: text, from: index) else { continue }
            let name = sequence.name(withTone: isCode)
            if isCode {
                replacement.append(0x3A)
                replacement.append(contentsOf: name.map { $0 == 0x20 ? 0x5F : $0 })
                replacement.append(0x3A)
            } else {
                if !text.isSpaceOrStart(before: index) { replacement.append(0x20) }
                replacement.append(contentsOf: name)
                if !text.isSpaceOrEnd(at: sequence.end) { replacement.append(0x20) }
            }
            return index..<sequence.end
        }
        return nil
    }

    /// Whether an emoji can begin at `index`; this spares most bytes the search in the table.
    @inline(__always)
    private func canBegin(in text: UTF8Bytes, at index: Int) -> Bool {
        switch text[index] {
        case 0xC2, 0xE2, 0xE3, 0xF0: true
        case 0x23, 0x2A, 0x30...0x39: index + 1 < text.count && text[index + 1] >= 0xE2
        default: false
        }
    }
}
