/// Splits hashtags into words, or replaces or removes them.
struct Hashtags: TextStep, Substitution {
    static let name = "hashtags"
    static let options = [
        StepOption("split", .flag, group: "replacement"),
        StepOption("separate", .flag, group: "replacement"),
        StepOption("token", .text(default: nil), group: "replacement"),
        StepOption("remove", .flag, group: "replacement"),
        Tag.anywhere,
    ]

    private enum Replacement {
        /// The words of the hashtag, found by capitals, digits and underscores.
        case words
        /// The marker, a space, and the rest.
        case separated
        case token([UInt8])
    }

    private let replacement: Replacement
    private let tag: Tag

    init(_ options: StepOptions) {
        replacement =
            if options.has("separate") {
                .separated
            } else if options.has("token") || options.has("remove") {
                .token(Array(options.text("token").utf8))
            } else {
                .words
            }
        tag = Tag(marker: 0x23, isAnywhere: options.has(Tag.anywhere.name))
    }

    func nextChange(in text: UTF8Bytes, from start: Int, _ output: inout [UInt8]) -> Range<Int>? {
        var start = start
        while let range = tag.next(in: text, from: start) {
            start = range.upperBound
            let content = range.lowerBound + 1..<range.upperBound
            // `#1` is a rank, not a hashtag.
            if !tag.isAnywhere && text[content].allSatisfy(\.isDigit) { continue }
            switch replacement {
            case .words: appendWords(text, content, to: &output)
            case .separated:
                output += [tag.marker, 0x20]
                output.append(contentsOf: text[content])
            case .token(let token): output += token
            }
            return range
        }
        return nil
    }

    private func appendWords(_ text: UTF8Bytes, _ content: Range<Int>, to output: inout [UInt8]) {
        for index in content {
            let byte = text[index]
            if byte == 0x5F {
                if output.last ?? 0x20 != 0x20 { output.append(0x20) }
                continue
            }
            if index > content.lowerBound, startsWord(text, at: index, content), output.last ?? 0x20 != 0x20 {
                output.append(0x20)
            }
            output.append(byte)
        }
        if output.last == 0x20 { output.removeLast() }
    }

    /// Whether a word begins at `index`: at a capital after a small letter, at the last capital before a small letter,
    /// and between letters and digits.
    private func startsWord(_ text: UTF8Bytes, at index: Int, _ content: Range<Int>) -> Bool {
        let (before, byte) = (text[index - 1], text[index])
        if byte.isCapital {
            let isBeforeSmall = index + 1 < content.upperBound && text[index + 1].isLetter && !text[index + 1].isCapital
            return !before.isCapital || isBeforeSmall
        }
        return before != 0x5F && byte.isDigit != before.isDigit
    }
}
