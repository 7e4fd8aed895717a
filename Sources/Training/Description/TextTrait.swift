/// Something that a text has or has not.
public enum TextTrait: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    case mention, link, hashtag, emoji, emoticon, negation, capitals, exclamation, question, ellipsis, elongation

    /// The name in tables, such as `a mention`.
    public var title: String {
        switch self {
        case .mention: "a mention"
        case .link: "a link"
        case .hashtag: "a hashtag"
        case .emoji: "an emoji"
        case .emoticon: "an emoticon"
        case .negation: "a negation (English)"
        case .capitals: "a word in capitals"
        case .exclamation: "an exclamation mark"
        case .question: "a question mark"
        case .ellipsis: "an ellipsis"
        case .elongation: "a stretched word, such as soooo"
        }
    }

    /// The traits of a text.
    static func all(of text: String, _ traits: TextTraits) -> [TextTrait] {
        let marks = Marks(text)
        return allCases.filter { trait in
            switch trait {
            case .mention: traits.hasMention
            case .link: traits.hasLink
            case .hashtag: traits.hasHashtag
            case .emoji: traits.hasEmoji
            case .negation: traits.hasNegation
            case .capitals: traits.hasCapitals
            case .emoticon: marks.hasEmoticon
            case .exclamation: marks.hasExclamation
            case .question: marks.hasQuestion
            case .ellipsis: marks.hasEllipsis
            case .elongation: marks.hasElongation
            }
        }
    }
}

/// The marks of a text, which need no knowledge of words.
private struct Marks {
    var hasExclamation = false
    var hasQuestion = false
    var hasEllipsis = false
    var hasEmoticon = false
    var hasElongation = false

    private static let eyes = Set(":;=8xX".unicodeScalars)
    private static let mouths = Set(")(DPpoO/\\|*3[]}{@".unicodeScalars)

    init(_ text: String) {
        var run = (scalar: Unicode.Scalar(" "), length: 0)
        for scalar in text.unicodeScalars {
            run = scalar == run.scalar ? (scalar, run.length + 1) : (scalar, 1)
            switch scalar {
            case "!", "！": hasExclamation = true
            case "?", "？", "؟": hasQuestion = true
            case "…": hasEllipsis = true
            case ".": if run.length == 3 { hasEllipsis = true }
            default: if run.length == 3, scalar.properties.isAlphabetic { hasElongation = true }
            }
        }
        hasEmoticon = text.split(whereSeparator: \.isWhitespace).contains { Self.isEmoticon($0) }
    }

    /// Whether a word is eyes, perhaps a nose, and a mouth, such as `:-)`, or a heart.
    private static func isEmoticon(_ word: Substring) -> Bool {
        let scalars = Array(word.unicodeScalars.prefix(5))
        if scalars.count >= 2, scalars[0] == "<", scalars[1] == "3" { return true }
        guard scalars.count >= 2, scalars.count <= 4, eyes.contains(scalars[0]) else { return false }
        let nose = scalars.count > 2 && ["-", "'", "^", "o"].contains(scalars[1]) ? 1 : 0
        let mouth = scalars[(1 + nose)...]
        let isLetterEye = "8xX".unicodeScalars.contains(scalars[0])
        return mouth.allSatisfy(mouths.contains)
            && !(isLetterEye && mouth.contains { $0.properties.isAlphabetic && $0 != "D" })
    }
}
