/// Replaces emoji by their names: `😍` becomes `smiling face with heart-eyes`.
struct Emoji: TextStep, Substitution {
    static let name = "emoji"
    static let options = [StepOption("codes", .flag)]

    /// Whether a name is written as one word between colons, `:red_heart:`, and a skin tone is part of it.
    private let isCode: Bool

    init(_ options: StepOptions) { isCode = options.has("codes") }

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        for index in start..<text.count where EmojiSequence.canBegin(in: text, at: index) {
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
}
