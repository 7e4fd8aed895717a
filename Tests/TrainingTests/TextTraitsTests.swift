import Testing

@testable import Training

@Suite struct TextTraitsTests {
    @Test(arguments: [
        ("\u{1F600}", true), ("love \u{2764}", true), ("\u{1F1EB}\u{1F1F7}", true), ("\u{00A9}\u{FE0F}", true),
        ("call 0800 #1", false), ("\u{00A9} Pinson\u{2122}", false), ("a → b", false), ("", false),
    ])
    func emojiAreFound(text: String, hasEmoji: Bool) { #expect(TextTraits(text).hasEmoji == hasEmoji) }

    @Test(arguments: [
        ("I don't know", true), ("I DON\u{2019}T", true), ("cannot fly", true), ("no", true), ("not.late", true),
        ("dont", true), ("note nothingness", false), ("I know", false), ("wont", false),
    ])
    func negationsAreFound(text: String, hasNegation: Bool) { #expect(TextTraits(text).hasNegation == hasNegation) }

    @Test(arguments: [
        ("@you", true), ("hi @you!", true), ("(@you)", true), ("me@you.com", false), ("@ you", false), ("@", false),
    ])
    func mentionsAreFound(text: String, hasMention: Bool) { #expect(TextTraits(text).hasMention == hasMention) }

    @Test(arguments: [
        ("SO late", true), ("ÉTÉ", true), ("I am", false), ("A B", false), ("Ok", false), ("1234", false),
    ])
    func wordsInCapitalsAreFound(text: String, hasCapitals: Bool) {
        #expect(TextTraits(text).hasCapitals == hasCapitals)
    }

    @Test(arguments: [
        ("late", WritingSystem.latin), ("où est-il", .latin), ("поздно", .cyrillic), ("متأخر", .arabic),
        ("देर हो गई", .devanagari), ("東京", .chinese), ("東京都庁へ", .japanese), ("늦었다", .korean), ("αργά", .greek),
        ("123 !?", .none), ("", .none), ("ᚠᚢᚦ", .other), ("ok поздно", .cyrillic),
    ])
    func theScriptOfMostLettersIsFound(text: String, system: WritingSystem) {
        #expect(WritingSystem(of: text) == system)
    }

    @Test func theLengthCountsUnicodeScalars() {
        #expect(TextTraits("e\u{301}\r\n").length == 4)
    }
}
