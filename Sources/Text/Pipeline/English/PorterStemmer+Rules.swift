extension PorterStemmer {
    /// A suffix, and what replaces it.
    typealias Rule = (suffix: StaticString, replacement: StaticString)

    static let step2: [Rule] = [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"),
        ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
        ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
        ("iviti", "ive"), ("biliti", "ble"), ("logi", "log"),
    ]

    static let step3: [Rule] = [
        ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
    ]

    /// The suffix `ion` has a condition of its own.
    static let step4: [Rule] = [
        ("al", ""), ("ance", ""), ("ence", ""), ("er", ""), ("ic", ""), ("able", ""), ("ible", ""), ("ant", ""),
        ("ement", ""), ("ment", ""), ("ent", ""), ("ou", ""), ("ism", ""), ("ate", ""), ("iti", ""), ("ous", ""),
        ("ive", ""), ("ize", ""),
    ]

    /// Applies the first rule whose suffix the word has, if `condition` accepts the measure of what is before it.
    func apply(_ rules: [Rule], to word: inout [UInt8], if condition: (Int) -> Bool) {
        for (suffix, replacement) in rules where word.hasSuffix(suffix) {
            let stem = word.count - suffix.utf8CodeUnitCount
            guard condition(word.measure(of: stem)) else { return }
            word.removeLast(suffix.utf8CodeUnitCount)
            word.append(contentsOf: UTF8Bytes(start: replacement.utf8Start, count: replacement.utf8CodeUnitCount))
            return
        }
    }
}

/// A word in lower case; bytes beyond ASCII count as consonants.
extension [UInt8] {
    /// Whether the word ends in `suffix`.
    func hasSuffix(_ suffix: StaticString) -> Bool {
        let start = count - suffix.utf8CodeUnitCount
        guard start >= 0 else { return false }
        for offset in 0..<suffix.utf8CodeUnitCount where self[start + offset] != suffix.utf8Start[offset] {
            return false
        }
        return true
    }

    /// Whether the letter at `index` is a consonant: no vowel, and no `y` after a consonant.
    func isConsonant(at index: Int) -> Bool {
        guard self[index] == 0x79 else { return !self[index].isVowelLetter }
        // In a run of `y`, every second one is a vowel.
        var start = index
        while start > 0 && self[start] == 0x79 { start -= 1 }
        let isConsonant = self[start] == 0x79 || !self[start].isVowelLetter
        return isConsonant == ((index - start) % 2 == 0)
    }

    /// The number of times that a consonant follows a vowel in the first `count` bytes, which Porter calls *m*.
    func measure(of count: Int) -> Int {
        var measure = 0
        var isAfterVowel = false
        var isConsonant = false
        for index in 0..<count {
            isConsonant = self[index] == 0x79 ? index == 0 || !isConsonant : !self[index].isVowelLetter
            if isConsonant && isAfterVowel { measure += 1 }
            isAfterVowel = !isConsonant
        }
        return measure
    }

    /// Whether there is a vowel in the first `count` bytes.
    func hasVowel(in count: Int) -> Bool { (0..<count).contains { !isConsonant(at: $0) } }

    /// The number of characters in the first `count` bytes.
    func characters(in count: Int) -> Int { self[..<count].reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 } }

    /// The number of bytes of the last character.
    private var lastLength: Int { count - (lastIndex { $0 & 0xC0 != 0x80 } ?? 0) }

    /// Whether the last two characters are the same consonant.
    var endsInDoubleConsonant: Bool {
        let length = lastLength
        guard length > 0, count >= 2 * length else { return false }
        return isConsonant(at: count - 1) && suffix(length).elementsEqual(self[(count - 2 * length)..<(count - length)])
    }

    /// Removes the last character.
    mutating func removeLastCharacter() { removeLast(lastLength) }
}
