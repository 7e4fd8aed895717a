import Text

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

    /// What is counted to find the trait.
    var count: TextCount {
        switch self {
        case .mention: .mentions
        case .link: .links
        case .hashtag: .hashtags
        case .emoji: .emoji
        case .emoticon: .emoticons
        case .negation: .negations
        case .capitals: .capitals
        case .exclamation: .exclamations
        case .question: .questions
        case .ellipsis: .ellipses
        case .elongation: .elongations
        }
    }
}
