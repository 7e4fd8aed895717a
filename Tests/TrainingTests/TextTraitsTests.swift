import Testing

@testable import Training

@Suite struct TextTraitsTests {
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
