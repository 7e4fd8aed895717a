/// The stemmer of Porter for English.
///
/// - Source: Porter 1980, "An algorithm for suffix stripping", Program 14 (3), 130-137.
struct PorterStemmer: Sendable {
    /// The form of the rules.
    enum Rules: Sendable {
        /// The author's own program, which differs from the article in three points: words of one or two letters stay,
        /// and step 2 has `bli` instead of `abli`, and `logi` in addition.
        case porter
        /// The default of NLTK, which adds irregular words and changes some rules.
        case nltk
    }

    let rules: Rules

    init(_ rules: Rules) { self.rules = rules }

    /// Replaces a word in lower case by its stem.
    func stem(_ word: inout [UInt8]) {
        if rules == .nltk, let stem = Self.irregularWords.value(of: word) {
            word = Array(stem)
            return
        }
        guard word.characters(in: word.count) > 2 else { return }
        removePlural(&word)
        removePast(&word)
        replaceFinalY(&word)
        replaceDoubleSuffix(&word)
        apply(Self.step3, to: &word) { $0 > 0 }
        removeSuffix(&word)
        tidy(&word)
    }

    private static let irregularWords = WordTable(
        """
        canning canning
        cannings canning
        dying die
        exceed exceed
        howe howe
        inning inning
        innings inning
        lying lie
        news news
        outing outing
        outings outing
        proceed proceed
        skies sky
        sky sky
        succeed succeed
        tying tie
        """)

    /// Step 1a.
    private func removePlural(_ word: inout [UInt8]) {
        if word.hasSuffix("sses") {
            word.removeLast(2)
        } else if word.hasSuffix("ies") {
            word.removeLast(rules == .nltk && word.characters(in: word.count) == 4 ? 1 : 2)
        } else if word.last == 0x73 && !word.hasSuffix("ss") {
            word.removeLast()
        }
    }

    /// Step 1b.
    private func removePast(_ word: inout [UInt8]) {
        if rules == .nltk && word.hasSuffix("ied") {
            word.removeLast(word.characters(in: word.count) == 4 ? 1 : 2)
            return
        }
        if word.hasSuffix("eed") {
            if word.measure(of: word.count - 3) > 0 { word.removeLast() }
            return
        }
        let ending = word.hasSuffix("ed") ? 2 : word.hasSuffix("ing") ? 3 : 0
        guard ending > 0, word.hasVowel(in: word.count - ending) else { return }
        word.removeLast(ending)
        let last = word[word.count - 1]
        if word.hasSuffix("at") || word.hasSuffix("bl") || word.hasSuffix("iz") {
            word.append(0x65)
        } else if word.endsInDoubleConsonant {
            if last != 0x6C && last != 0x73 && last != 0x7A { word.removeLastCharacter() }
        } else if word.measure(of: word.count) == 1 && endsInShortSyllable(word, word.count) {
            word.append(0x65)
        }
    }

    /// Step 1c.
    private func replaceFinalY(_ word: inout [UInt8]) {
        let stem = word.count - 1
        guard word.last == 0x79 else { return }
        let isReplaced =
            rules == .nltk ? word.characters(in: stem) > 1 && word.isConsonant(at: stem - 1) : word.hasVowel(in: stem)
        if isReplaced { word[stem] = 0x69 }
    }

    /// Step 2.
    private func replaceDoubleSuffix(_ word: inout [UInt8]) {
        if rules == .nltk {
            if word.hasSuffix("alli") && word.measure(of: word.count - 4) > 0 {
                word.removeLast(2)
                return replaceDoubleSuffix(&word)
            }
            if word.hasSuffix("logi") {
                // The `l` counts as part of the stem, so that `theologi` is like `archaeologi`.
                if word.measure(of: word.count - 3) > 0 { word.removeLast() }
                return
            }
            if word.hasSuffix("fulli") {
                if word.measure(of: word.count - 5) > 0 { word.removeLast(2) }
                return
            }
        }
        apply(Self.step2, to: &word) { $0 > 0 }
    }

    /// Step 4.
    private func removeSuffix(_ word: inout [UInt8]) {
        guard word.hasSuffix("ion") else { return apply(Self.step4, to: &word) { $0 > 1 } }
        let stem = word.count - 3
        if stem > 0, word[stem - 1] == 0x73 || word[stem - 1] == 0x74, word.measure(of: stem) > 1 { word.removeLast(3) }
    }

    /// Step 5.
    private func tidy(_ word: inout [UInt8]) {
        if word.last == 0x65 {
            let stem = word.count - 1
            let measure = word.measure(of: stem)
            if measure > 1 || measure == 1 && !endsInShortSyllable(word, stem) { word.removeLast() }
        }
        if word.hasSuffix("ll") && word.measure(of: word.count - 1) > 1 { word.removeLast() }
    }

    /// Whether the first `count` bytes end in consonant, vowel, consonant other than w, x and y.
    private func endsInShortSyllable(_ word: [UInt8], _ count: Int) -> Bool {
        if rules == .nltk && count == 2 { return !word.isConsonant(at: 0) && word.isConsonant(at: 1) }
        guard count >= 3, word.isConsonant(at: count - 3), !word.isConsonant(at: count - 2) else { return false }
        let last = word[count - 1]
        return word.isConsonant(at: count - 1) && last != 0x77 && last != 0x78 && last != 0x79
    }
}
