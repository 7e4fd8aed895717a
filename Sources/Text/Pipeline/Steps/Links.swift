/// Replaces or removes links.
struct Links: TextStep, Substitution {
    static let name = "links"
    static let options = [
        StepOption("token", .text(default: "URL"), group: "replacement"),
        StepOption("remove", .flag, group: "replacement"),
        StepOption("rule", .choice(["tweet", "prior-g", "prior-k"])),
    ]

    private enum Rule {
        /// `Link`.
        case tweet
        /// `https?://\S+|www\.\S+`
        case priorG
        /// `https?://\S+`, and then `\bhttps?\b`
        case priorK
    }

    private let token: [UInt8]
    private let rule: Rule

    init(_ options: StepOptions) {
        token = Array(options.text("token").utf8)
        rule =
            switch options.text("rule") {
            case "prior-g": .priorG
            case "prior-k": .priorK
            default: .tweet
            }
    }

    func apply(to text: inout TextBuffer) {
        substitute(in: &text)
        if rule == .priorK { SchemeRemoval().substitute(in: &text) }
    }

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        for index in start..<text.count {
            if let end = endOfLink(in: text, from: index) {
                replacement.append(contentsOf: token)
                return index..<end
            }
        }
        return nil
    }

    @inline(__always)
    private func endOfLink(in text: UTF8Bytes, from index: Int) -> Int? {
        let first = text[index] | 0x20
        guard first == 0x68 || first == 0x77 else { return nil }
        if rule == .tweet { return Link.end(in: text, from: index) }
        guard first == 0x68 || rule == .priorG,
            let start = Link.endOfPrefix(in: text, from: index, isInsideWord: false), !text.isSpaceOrEnd(at: start)
        else { return nil }
        return text.nextSpace(from: start)
    }
}

/// Removes the words `http` and `https`.
private struct SchemeRemoval: Substitution {
    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        for index in start..<text.count where text[index] == 0x68 && !text.isWordCharacter(before: index) {
            let end = text.endOfWordCharacters(from: index)
            let isScheme = end - index == 4 && text.hasPrefix("http", at: index)
            if isScheme || end - index == 5 && text.hasPrefix("https", at: index) { return index..<end }
        }
        return nil
    }
}
