/// Marks the words between a negation and the next punctuation, so that `not good` and `good` have no word in common.
///
/// - Source: Pang, Lee, Vaithyanathan 2002, "Thumbs up?", section 6, after Das and Chen 2001.
struct Negation: TextStep {
    static let name = "negation"
    static let options = [StepOption("suffix", .text(default: "_NEG"))]

    private let suffix: [UInt8]
    private let words = WordFinder(isSpaced: false)

    init(_ options: StepOptions) { suffix = Array(options.text("suffix").utf8) }

    func apply(to text: inout TextBuffer) {
        text.rewrite { text, output, _ in
            var isNegated = false
            var copied = 0
            while let part = words.next(in: text, from: copied) {
                let range: Range<Int>
                switch part {
                case .word(let found), .other(let found): range = found
                }
                if endsClause(text[copied..<range.lowerBound]) { isNegated = false }
                output.append(contentsOf: text[copied..<range.upperBound])
                copied = range.upperBound
                guard case .word(let word) = part else { continue }
                if NegationTable.negates(text, word) {
                    isNegated = true
                } else if isNegated {
                    output += suffix
                }
            }
            output.append(contentsOf: text[copied...])
            return true
        }
    }

    /// Whether one of the characters between two words is punctuation that ends a clause.
    private func endsClause(_ gap: Slice<UTF8Bytes>) -> Bool {
        let gap = UTF8Bytes(rebasing: gap)
        var index = 0
        while index < gap.count {
            let (value, length) = gap.codePoint(at: index)
            switch value {
            case 0x21, 0x28, 0x29, 0x2C, 0x2E, 0x3A, 0x3B, 0x3F: return true  // ! ( ) , . : ; ?
            case 0x2026, 0x3001, 0x3002, 0xFF01, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF1F: return true  // … 、 。 and wide forms
            default: index += length
            }
        }
        return false
    }
}
