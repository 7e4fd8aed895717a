import Testing

@testable import Text

/// What is counted in texts as they were typed.
@Suite struct TextCountsTests {
    /// Everything that occurs in a text, with its number.
    private func counts(_ text: String) -> [TextCount: Int] {
        let counts = TextCounts(text)
        return Dictionary(uniqueKeysWithValues: TextCount.allCases.map { ($0, counts[$0]) }).filter { $0.value > 0 }
    }

    @Test func everythingIsCountedInATweet() {
        let text = "@air I WON\u{2019}T fly again!!! SOOOO late... why? :-( 😡👍🏽 #late #1 http://a.b/SO?x=!y."
        #expect(
            counts(text) == [
                .characters: text.unicodeScalars.count, .words: 7, .negations: 1, .capitals: 2, .elongations: 1,
                .questions: 1, .exclamations: 3, .ellipses: 1, .hashtags: 1, .links: 1, .mentions: 1, .emoticons: 1,
                .emoji: 2,
            ])
    }

    @Test(arguments: [
        ("", [:]), ("a..b", [TextCount.characters: 4, .words: 2]), ("…....", [.characters: 5, .ellipses: 2]),
        ("！？؟", [.characters: 3, .exclamations: 1, .questions: 2]), ("1️⃣", [.characters: 3, .emoji: 1]),
        ("👩‍🚀👩‍🚀", [.characters: 6, .emoji: 2]), ("🇫🇷", [.characters: 2, .emoji: 1]),
        ("www", [.characters: 3, .words: 1, .elongations: 1]), ("1000", [.characters: 4, .words: 1]),
        ("xD :))) <3", [.characters: 10, .emoticons: 3]), ("I'M", [.characters: 3, .words: 1, .capitals: 1]),
    ])
    func marksAreCounted(text: String, expected: [TextCount: Int]) { #expect(counts(text) == expected, "\(text)") }

    @Test func bytesThatAreNotUTF8AreCounted() {
        let bytes: [UInt8] = [0xF0, 0x9F, 0x21, 0xE2, 0x40, 0x23, 0xFF, 0x41, 0x80]
        for length in 0...bytes.count {
            let counts = bytes[..<length].withContiguousStorageIfAvailable { TextCounts($0) }
            #expect(counts?[.exclamations] == (length > 2 ? 1 : 0))
        }
    }

    @Test(arguments: [
        ("\u{1F600}", true), ("love \u{2764}", true), ("\u{1F1EB}\u{1F1F7}", true), ("\u{00A9}\u{FE0F}", true),
        ("call 0800 #1", false), ("\u{00A9} Pinson\u{2122}", false), ("a → b", false), ("", false),
    ])
    func emojiAreFound(text: String, hasEmoji: Bool) { #expect((TextCounts(text)[.emoji] > 0) == hasEmoji) }

    @Test(arguments: [
        ("I don't know", true), ("I DON\u{2019}T", true), ("cannot fly", true), ("no", true), ("not.late", true),
        ("dont", true), ("note nothingness", false), ("I know", false), ("wont", true),
    ])
    func negationsAreFound(text: String, hasNegation: Bool) {
        #expect((TextCounts(text)[.negations] > 0) == hasNegation)
    }

    @Test(arguments: [
        ("@you", true), ("hi @you!", true), ("(@you)", true), ("me@you.com", false), ("@ you", false), ("@", false),
    ])
    func mentionsAreFound(text: String, hasMention: Bool) { #expect((TextCounts(text)[.mentions] > 0) == hasMention) }

    @Test(arguments: [
        ("SO late", true), ("ÉTÉ", true), ("I am", false), ("A B", false), ("Ok", false), ("1234", false),
    ])
    func wordsInCapitalsAreFound(text: String, hasCapitals: Bool) {
        #expect((TextCounts(text)[.capitals] > 0) == hasCapitals)
    }
}
