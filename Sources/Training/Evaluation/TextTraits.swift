/// What the slices of an evaluation need to know about a text.
struct TextTraits {
    /// The number of Unicode scalars.
    let length: Int
    /// Whether there is an emoji; a digit or a copyright sign alone is not one.
    let hasEmoji: Bool
    /// Whether there is an English word of negation, such as "never" or "don't".
    let hasNegation: Bool
    /// Whether an account is mentioned, as in "@AirParadis".
    let hasMention: Bool
    /// Whether there is a hashtag, as in "#late".
    let hasHashtag: Bool
    /// Whether there is a link.
    let hasLink: Bool
    /// Whether a word of at least two letters is written in capitals only, as in "SO late".
    let hasCapitals: Bool
    let writingSystem: WritingSystem

    init(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        let words = scalars.split { !isWordScalar($0) }.map { Word($0) }
        length = scalars.count
        hasEmoji = scalars.indices.contains { isEmoji(scalars, at: $0) }
        hasNegation = words.contains(where: \.isNegation)
        hasMention = hasTag("@", in: scalars)
        hasHashtag = hasTag("#", in: scalars)
        hasLink = ["http://", "https://", "www."].contains { text.lowercased().contains($0) }
        hasCapitals = words.contains(where: \.isInCapitals)
        writingSystem = WritingSystem(of: text)
    }
}

/// A word of letters, digits, underscores and apostrophes.
private struct Word {
    let isInCapitals: Bool
    let isNegation: Bool

    /// Contractions without an apostrophe are listed, except for those that are also other words, such as "wont".
    private static let negations: Set<String> = [
        "no", "not", "nor", "never", "neither", "none", "nobody", "nothing", "nowhere", "cannot", "without", "dont",
        "cant", "isnt", "arent", "wasnt", "werent", "doesnt", "didnt", "hasnt", "havent", "hadnt", "wouldnt", "couldnt",
        "shouldnt", "aint",
    ]

    init(_ scalars: ArraySlice<Unicode.Scalar>) {
        let letters = scalars.filter { $0.properties.isAlphabetic }
        isInCapitals = letters.count >= 2 && letters.allSatisfy { $0.properties.isUppercase }
        let text = scalars.reduce(into: "") { $0 += isApostrophe($1) ? "'" : $1.properties.lowercaseMapping }
        isNegation = text.hasSuffix("n't") || Self.negations.contains(text)
    }
}

private func isApostrophe(_ scalar: Unicode.Scalar) -> Bool { scalar == "'" || scalar == "\u{2019}" }

private func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_" || isApostrophe(scalar)
}

/// Whether `mark` stands before a letter, digit or underscore, and not inside a word.
private func hasTag(_ mark: Unicode.Scalar, in scalars: [Unicode.Scalar]) -> Bool {
    scalars.indices.dropLast().contains { index in
        scalars[index] == mark && isWordScalar(scalars[index + 1]) && !isApostrophe(scalars[index + 1])
            && (index == 0 || !isWordScalar(scalars[index - 1]))
    }
}

/// Whether a scalar is shown as an emoji, or can be shown as one and is no digit, mark or arrow of plain text.
///
/// - Source: Unicode Technical Standard 51, properties Emoji and Emoji_Presentation; U+FE0F asks for the emoji.
private func isEmoji(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
    let scalar = scalars[index]
    if scalar.properties.isEmojiPresentation { return true }
    guard scalar.properties.isEmoji else { return false }
    if (0x2600...0x27BF).contains(scalar.value) || scalar.value >= 0x1F000 { return true }
    return index + 1 < scalars.count && scalars[index + 1].value == 0xFE0F
}
