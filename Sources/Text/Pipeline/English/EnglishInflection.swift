/// The rules by which regular English nouns and verbs change their endings.
enum EnglishInflection {
    /// Reduces a regular plural, or a verb in the third person, to its base form.
    ///
    /// - Parameters:
    ///   - word: a word in lower case.
    ///   - least: the number of bytes from which on a final `s` is an ending.
    static func removePlural(from word: inout [UInt8], least: Int) {
        guard word.count >= least, word.last == 0x73 else { return }
        if word.hasSuffix("ss") || word.hasSuffix("us") || word.hasSuffix("is") { return }
        if word.hasSuffix("ies") && word.count > 4 {
            word.removeLast(3)
            word.append(0x79)
        } else {
            let isLong = ["ches", "shes", "sses", "xes", "zzes"].contains { word.hasSuffix($0) }
            word.removeLast(isLong ? 2 : 1)
        }
    }

    /// Reduces a regular verb that ends in `ed` or `ing` to its infinitive; returns false if the word has no such ending.
    static func removeVerbEnding(from word: inout [UInt8]) -> Bool {
        if word.hasSuffix("ied") && word.count > 4 {
            word.removeLast(3)
            word.append(0x79)
            return true
        }
        let ending = word.hasSuffix("eed") ? 0 : word.hasSuffix("ed") ? 2 : word.hasSuffix("ing") ? 3 : 0
        guard ending > 0, word.count - ending >= 2, word.hasVowel(in: word.count - ending) else { return false }
        word.removeLast(ending)
        restoreInfinitive(&word)
        return true
    }

    /// Undoes what `ed` and `ing` do to a verb: `stopp` becomes `stop`, and `hop` becomes `hope`.
    private static func restoreInfinitive(_ stem: inout [UInt8]) {
        let last = stem[stem.count - 1]
        if stem.endsInDoubleConsonant {
            if ![0x6C, 0x73, 0x7A, 0x66].contains(last) { stem.removeLast() }  // l s z f
        } else if stem.hasSuffix("ick") && syllables(of: stem) > 1 {
            stem.removeLast()  // panicked
        } else if stem.hasSuffix("tz") {
            return
        } else if endingsBeforeE.contains(where: { stem.hasSuffix($0) }) {
            stem.append(0x65)
        } else if last.isVowelLetter || [0x68, 0x77, 0x78, 0x79].contains(last) {  // h w x y
            return
        } else if stem.count >= 2, stem[stem.count - 2].isVowelLetter,
            stem.count == 2 || !stem[stem.count - 3].isVowelLetter,
            syllables(of: stem) == 1 || longEndingsBeforeE.contains(where: { stem.hasSuffix($0) })
        {
            stem.append(0x65)
        }
    }

    /// Ends of stems whose infinitive has a final `e`.
    private static let endingsBeforeE: [StaticString] = [
        "v", "u", "c", "z", "s", "ag", "eg", "ig", "og", "ug", "dg", "lg", "rg", "chang", "rang", "leng", "veng",
        "plung",
        "loung", "bl", "cl", "dl", "fl", "gl", "kl", "pl", "sl", "tl", "zl", "tyl", "com", "mak", "tak", "writ", "unit",
        "cit",
        "vit", "quot", "guid", "quar", "quir", "yp", "sooth", "loath", "bath", "breath", "uat", "iat",
    ]

    /// Ends of stems of two and more syllables whose infinitive has a final `e`.
    private static let longEndingsBeforeE: [StaticString] = [
        "at", "id", "ud", "od", "ad", "ar", "ir", "ur", "ut", "ot", "ib", "ok", "um", "im", "in", "ul",
    ]

    /// The number of groups of vowels.
    private static func syllables(of word: [UInt8]) -> Int {
        word.indices.count { !word.isConsonant(at: $0) && ($0 == 0 || word.isConsonant(at: $0 - 1)) }
    }
}

extension UInt8 {
    /// Whether this byte is a, e, i, o or u.
    var isVowelLetter: Bool { self == 0x61 || self == 0x65 || self == 0x69 || self == 0x6F || self == 0x75 }
}
