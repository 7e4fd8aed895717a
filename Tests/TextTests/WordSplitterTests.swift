import Fixtures
import Testing

@testable import Text

@Suite struct WordSplitterTests {
    private func words(_ text: String, _ rule: WordSplitter.Rule) -> [String] {
        var text = text
        return text.withUTF8 { bytes in
            var words: [String] = []
            WordSplitter(rule).forEachWord(in: bytes) { words.append(String(decoding: bytes[$0], as: UTF8.self)) }
            return words
        }
    }

    @Test func bothRulesGiveWhatTheRegularExpressionsOfPythonFind() throws {
        let goldens = try TextGoldens.read("words", as: TextGoldens.Words.self)
        #expect(goldens.count > 800)
        for golden in goldens {
            // Arrays of bytes are compared, because `==` of strings accepts other encodings of the same characters.
            #expect(words(golden.text, .word).map { Array($0.utf8) } == golden.word.map { Array($0.utf8) }, "\(golden)")
            #expect(
                words(golden.text, .tweet).map { Array($0.utf8) } == golden.tweet.map { Array($0.utf8) }, "\(golden)")
        }
    }

    @Test func theWordsOfTwoOrMoreAreThoseOfOneOrMoreWithoutSingleCharacters() throws {
        for golden in try TextGoldens.read("words", as: TextGoldens.Words.self) {
            let longer = words(golden.text, .anyword).filter { $0.unicodeScalars.count > 1 }
            #expect(longer.map { Array($0.utf8) } == golden.word.map { Array($0.utf8) }, "\(golden)")
        }
        #expect(words("I can't x_y é 1! _", .anyword) == ["I", "can", "t", "x_y", "é", "1", "_"])
    }

    @Test(arguments: [
        (
            "I can't say @air_paris #Best 3 x 10€ naïve don’t 日本語",
            ["can", "say", "air_paris", "Best", "10", "naïve", "don", "日本語"]
        ),
        ("i̇stanbul", ["stanbul"]), ("_", []), ("__", ["__"]), ("", []), ("é", []), ("éa", ["éa"]),
    ])
    func aWordHasTwoOrMoreWordCharacters(text: String, expected: [String]) {
        #expect(words(text, .word) == expected)
    }

    @Test(arguments: [
        ("@you don't :-) http://t.co/x!", ["@you", "don't", ":-)", "http://t.co/x!"]),
        ("no@way, 'ok'", ["no", "@way", ",", "'ok'"]), ("https:// x", ["https", "://", "x"]),
        ("love😍it", ["love", "😍", "it"]),
    ])
    func aTweetIsSplitIntoMentionsLinksWordsAndMarks(text: String, expected: [String]) {
        #expect(words(text, .tweet) == expected)
    }

    @Test(arguments: 1...300)
    func rangesAreInOrderAndInsideTheTextWhateverTheBytesAre(seed: UInt64) {
        var random = Seeded(seed)
        let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
            UInt8.random(in: Bool.random(using: &random) ? 0...255 : 0x20...0x7E, using: &random)
        }
        for rule in WordSplitter.Rule.allCases {
            bytes.withUnsafeBufferPointer { bytes in
                var end = 0
                WordSplitter(rule).forEachWord(in: bytes) { range in
                    #expect(range.lowerBound >= end && range.upperBound <= bytes.count && !range.isEmpty)
                    end = range.upperBound
                }
            }
        }
    }
}
