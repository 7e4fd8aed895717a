/// Removes punctuation and symbols, replaces them by spaces, or puts spaces around them.
///
/// These are all characters that are neither word characters nor white space. Apostrophes inside words are among them.
struct Punctuation: TextStep, Substitution {
    static let name = "punctuation"
    static let options = [
        StepOption("remove", .flag, group: "replacement"),
        StepOption("space", .flag, group: "replacement"),
        StepOption("isolate", .flag, group: "replacement"),
        StepOption("only", .text(default: nil), group: "selection"),
        StepOption("keep", .text(default: nil), group: "selection"),
        StepOption("ascii", .flag, group: "selection"),
        Tag.anywhere,
    ]

    private enum Selection: Sendable {
        case all
        case only([UInt32])
        case except([UInt32])
        /// The punctuation and symbols of ASCII, with the underscore.
        case ascii
    }

    private let selection: Selection
    private let isReplacedBySpace: Bool
    private let isKept: Bool
    /// Whether links are changed too.
    private let isAnywhere: Bool

    init(_ options: StepOptions) {
        func codePoints(_ name: String) -> [UInt32] { options.text(name).unicodeScalars.map(\.value) }
        selection =
            if options.has("only") {
                .only(codePoints("only"))
            } else if options.has("keep") {
                .except(codePoints("keep"))
            } else {
                options.has("ascii") ? .ascii : .all
            }
        isReplacedBySpace = options.has("space")
        isKept = options.has("isolate")
        isAnywhere = options.has(Tag.anywhere.name)
    }

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        var index = start
        while index < text.count {
            if !isAnywhere, let end = Link.end(in: text, from: index) {
                index = end
                continue
            }
            let (value, length) = text.codePoint(at: index)
            let range = index..<index + length
            index = range.upperBound
            guard isSelected(value) else { continue }
            if isReplacedBySpace || isKept { replacement.append(0x20) }
            if isKept {
                replacement.append(contentsOf: text[range])
                replacement.append(0x20)
            }
            return range
        }
        return nil
    }

    private func isSelected(_ value: UInt32) -> Bool {
        switch selection {
        case .all: !value.isWordCharacter && !value.isSpace
        case .only(let values): values.contains(value)
        case .except(let values): !value.isWordCharacter && !value.isSpace && !values.contains(value)
        case .ascii: value > 0x20 && value < 0x7F && (!value.isWordCharacter || value == 0x5F)
        }
    }
}
