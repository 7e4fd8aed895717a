/// Removes short words, where a word is everything between white space.
struct ShortWords: TextStep, Substitution {
    static let name = "short"
    static let options = [StepOption("least", .number(2...20, default: 2))]

    private let least: Int

    init(_ options: StepOptions) { least = options.number("least") }

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        var index = text.endOfSpaces(from: start)
        while index < text.count {
            let end = text.nextSpace(from: index)
            let codePoints = text[index..<end].reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
            if codePoints < least { return text.removal(of: index..<end) }
            index = text.endOfSpaces(from: end)
        }
        return nil
    }
}
