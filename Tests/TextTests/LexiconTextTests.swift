import Testing

@testable import Text

/// The rules of lexicons, against values that are computed by hand.
@Suite struct LexiconTextTests {
    private static let valences: [String: Float] = ["good": 2, "bad": -2, ":)": 1, "crew": 1, "été": 1, "don't": -1]

    private func scanned(_ text: String) -> LexiconText {
        var (buffer, words) = (TextBuffer(), LexiconText())
        buffer.load(text)
        words.scan(buffer)
        return words
    }

    /// The sum of the valences of a text with its emphasis, which its compound is made of.
    private func sum(_ text: String) -> Float {
        let words = scanned(text)
        let entries = Dictionary(
            uniqueKeysWithValues: Self.valences.map { (scanned($0.key).words[0].hash, $0.value) })
        let compound = words.compound { entries[words.words[$0].hash] ?? 0 }
        // c = s / √(s² + 15) solved for s.
        return compound * (15 / (1 - compound * compound)).squareRoot()
    }

    @Test(
        arguments: [
            ("", 0), ("the flight", 0), ("good", 2), ("GOOD", 2), ("good crew", 3), ("good :)", 3),
            // Negations: within three words, also through marks, and twice.
            ("not good", -1.48), ("not so good", -1.697), ("not a very good", -1.697), ("not the flight was good", 2),
            ("isn’t a good", -1.48), ("never not good", 1.0952), ("not ... good", -1.48), ("not bad", 1.48),
            // Words that make others stronger and weaker, with less force from further away.
            ("very good", 2.293), ("very bad", -2.293), ("very the good", 2.27835), ("very the the good", 2.2637),
            ("slightly good", 1.707), ("slightly bad", -1.707), ("very very good", 2.57135),
            // Capitals only tell something if other words have none.
            ("the GOOD crew", 3.733), ("the BAD flight", -2.733), ("THE GOOD CREW", 3), ("VERY good", 3.026),
            ("@AIR good", 2), ("GOOD!", 2.292),
            // Marks: up to four exclamation marks, and two or more question marks.
            ("good!!", 2.584), ("good!!!!!!", 3.168), ("bad!", -2.292), ("good?", 2), ("good??", 2.36),
            ("good???", 2.54),
            ("good????", 2.96), ("the flight!!!", 0),
            // What follows `but` matters more.
            ("good but bad", -2), ("bad but good crew", 3.5), ("but good", 3),
            ("ÉTÉ", 1), ("don’t", -1), ("DON'T", -1),
        ] as [(String, Float)])
    func theSumOfATextFollowsTheRules(text: String, expected: Float) {
        #expect(abs(sum(text) - expected) < 1e-3, "\(text): \(sum(text))")
    }

    @Test func theCompoundIsTheNormalizedSum() {
        let words = scanned("good")
        #expect(abs(words.compound { _ in 2 } - 2 / Float(19).squareRoot()) < 1e-6)
        #expect(scanned("").compound { _ in 2 } == 0)
    }

    @Test func negationsBeforeAWordAreCounted() {
        let words = scanned("not, never good x y")
        #expect(words.words.indices.map { words.negations(before: $0) } == [0, 1, 1, 2, 2, 1])
    }

    /// The hash of a word is part of the model file: it is that of an n-gram of one word.
    @Test func wordsHaveTheHashesOfNgrams() {
        var (buffer, ngrams) = (TextBuffer(), NgramScanner.Text())
        buffer.load("so good :)")
        NgramScanner([NgramBlock(.token, 1...1)]).scan(buffer, into: &ngrams)
        #expect(scanned("So GOOD :)").words.map(\.hash) == ngrams.occurrences[0].map(\.hash))
    }
}
