/// Something in a text that can be counted as it was typed, before any step of a pipeline.
///
/// The names are part of the model file, so they never change.
public enum TextCount: String, Sendable, CaseIterable {
    /// Code points.
    case characters
    /// Runs of letters, digits and underscores, with the apostrophes inside them, outside of links and tags.
    case words
    /// English words that negate what follows, such as `never` and `don't`.
    case negations
    /// Words with at least two letters, all of which are capitals.
    case capitals
    /// Words with a letter three times in a row, such as `soooo`.
    case elongations
    /// Question marks.
    case questions
    /// Exclamation marks.
    case exclamations
    /// Characters `…`, and runs of three or more dots.
    case ellipses
    /// Hashtags, such as `#late`, but not `#1`.
    case hashtags
    /// Links.
    case links
    /// Mentions, such as `@name`.
    case mentions
    /// Emoticons, such as `:-)`.
    case emoticons
    /// Emoji; a joined sequence is one.
    case emoji

    /// What is counted, such as `number of '!'`.
    public var title: String {
        switch self {
        case .characters: "number of characters"
        case .words: "number of words"
        case .negations: "number of negations"
        case .capitals: "number of words in capitals"
        case .elongations: "number of stretched words"
        case .questions: "number of '?'"
        case .exclamations: "number of '!'"
        case .ellipses: "number of '…'"
        case .hashtags: "number of hashtags"
        case .links: "number of links"
        case .mentions: "number of mentions"
        case .emoticons: "number of emoticons"
        case .emoji: "number of emoji"
        }
    }
}
