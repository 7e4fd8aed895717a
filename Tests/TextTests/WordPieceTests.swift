import Fixtures
import Testing

@testable import Text

@Suite struct WordPieceTests {
    private static let trie = Trie.build(vocabulary)
    static let vocabulary = TinyCheckpoint.vocabulary + ["ᄒ", "##ᅡ", "##ᆫ", "我", "é"]

    private func tokens(
        _ text: String, limit: Int = 512, literals: LiteralHandling = .asText,
        _ normalizer: Normalizer = .init()
    ) -> [String] {
        encode(text, limit: limit, literals: literals, normalizer).ids.map { Self.vocabulary[Int($0)] }
    }

    private func encode(
        _ text: String, limit: Int = 512, literals: LiteralHandling = .asText,
        _ normalizer: Normalizer = .init()
    ) -> TokenizedText {
        Self.trie.withUnsafeBufferPointer { words in
            let special = SpecialTokens(
                unknown: 1, start: 2, end: 3,
                literals: TinyCheckpoint.specials.enumerated().map { .init(text: $1, id: Int32($0)) })
            return WordPiece(
                trie: Trie(words: words, vocabulary: Self.vocabulary.count), normalizer: normalizer, special: special
            ).encode(text, limit: limit, literals: literals)
        }
    }

    @Test(arguments: [
        ("", []), ("   \n", []), ("love", ["love"]), ("Loved", ["love", "##d"]),
        ("delayed flight", ["delay", "##ed", "flight"]),
        ("not!great?", ["not", "!", "great", "?"]), ("né", ["n", "##e"]), ("n\u{301}e\u{301}", ["n", "##e"]),
        ("love😍it", ["[UNK]"]), ("so 😍 ab", ["s", "##o", "[UNK]", "a", "##b"]), ("a\u{200B}b", ["a", "##b"]),
        ("a\u{0B}b", ["a", "##b"]), ("a\u{A0}b\u{3000}c", ["a", "b", "c"]), ("a我b", ["a", "我", "b"]),
        ("한", ["ᄒ", "##ᅡ", "##ᆫ"]), ("İ", ["i"]), ("\u{FF41}", ["[UNK]"]), ("€a", ["[UNK]"]),
    ])
    func aTextIsCutIntoTheExpectedTokens(text: String, expected: [String]) {
        #expect(tokens(text) == ["[CLS]"] + expected + ["[SEP]"])
    }

    @Test func aWordOfMoreThanAHundredCodePointsIsUnknown() {
        #expect(tokens(String(repeating: "a", count: 100)).count == 102)
        #expect(tokens(String(repeating: "a", count: 101)) == ["[CLS]", "[UNK]", "[SEP]"])
        // Accents are stripped first, so 100 code points remain.
        #expect(tokens(String(repeating: "e\u{301}", count: 100)).count == 102)
    }

    @Test func aSpecialLiteralIsOrdinaryTextUnlessHuggingFaceRulesAreChosen() {
        let spelled = ["[CLS]", "[UNK]", "s", "##e", "##p", "[UNK]", "[SEP]"]
        #expect(tokens("[SEP]") == spelled)
        #expect(tokens("[SEP]", literals: .asHuggingFace) == ["[CLS]", "[SEP]", "[SEP]"])
        #expect(
            tokens("a[SEP]b [CLS]c", literals: .asHuggingFace) == ["[CLS]", "a", "[SEP]", "b", "[CLS]", "c", "[SEP]"])
        #expect(tokens("[sep]", literals: .asHuggingFace) == spelled)
    }

    @Test(arguments: 2...12)
    func truncationKeepsTheStartAndEndTokens(limit: Int) {
        let whole = encode("not great crew late flight love")
        #expect(whole.ids.count == 8)
        #expect(!whole.isTruncated)
        let cut = encode("not great crew late flight love", limit: limit)
        #expect(cut.ids == Array(whole.ids.dropLast().prefix(limit - 1)) + [3])
        #expect(cut.isTruncated == (limit < 8))
        let literal = encode("not great crew late flight [SEP]", limit: limit, literals: .asHuggingFace)
        #expect(literal.ids.count == min(limit, 8))
        #expect(literal.isTruncated == (limit < 8))
    }

    @Test func aCasedModelKeepsCaseAndAccents() {
        let cased = Normalizer(stripsAccents: false, lowercases: false)
        #expect(tokens("é", .init(stripsAccents: false)) == ["[CLS]", "é", "[SEP]"])
        #expect(tokens("Love love", limit: 512, literals: .asText, cased) == ["[CLS]", "[UNK]", "love", "[SEP]"])
    }

    private func tokens(_ text: String, _ normalizer: Normalizer) -> [String] {
        tokens(text, limit: 512, literals: .asText, normalizer)
    }

    @Test func anyCodePointCanBeEncoded() {
        for value in stride(from: UInt32(0), to: 0x11_0000, by: 23) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(encode("a\(Character(scalar))b").ids.count >= 3)
        }
    }
}
