/// Expands contractions such as `can't`, with a straight or a curly apostrophe.
struct Contractions: TextStep, Substitution {
    static let name = "contractions"
    static let options = [StepOption("rule", .choice(["tweet", "prior-k"]))]

    /// Whether only forms with a straight apostrophe are expanded, and `gonna` and `wanna`.
    private let isPriorK: Bool
    private let words = WordFinder(isSpaced: false)

    init(_ options: StepOptions) { isPriorK = options.text("rule") == "prior-k" }

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        var start = start
        while let word = words.nextWord(in: text, from: start) {
            start = word.upperBound
            // `'cause` begins with its apostrophe.
            if let (value, length) = text.codePoint(before: word.lowerBound), value.isApostrophe,
                text.isSpaceOrStart(before: word.lowerBound - length),
                expand(word.lowerBound - length..<word.upperBound, in: text, &replacement)
            {
                return word.lowerBound - length..<word.upperBound
            }
            if expand(word, in: text, &replacement) { return word }
        }
        return nil
    }

    /// Appends what `word` stands for, in its case; returns false if it is not a contraction.
    private func expand(_ word: Range<Int>, in text: UTF8Bytes, _ output: inout [UInt8]) -> Bool {
        guard word.count <= 24 else { return false }
        return text.withKey(of: word) { key in
            let hasApostrophe = key.contains(0x27)
            if isPriorK {
                // A curly apostrophe has more bytes than the straight one of the key.
                let isListed = hasApostrophe || key.elementsEqual("gonna".utf8) || key.elementsEqual("wanna".utf8)
                guard isListed, key.count == word.count else { return false }
            }
            if let words = ContractionTable.table.value(of: key) {
                append(words, like: text[word], to: &output)
                return true
            }
            guard hasApostrophe else { return false }
            for (ending, words) in ContractionTable.endings {
                let base = key.count - ending.utf8CodeUnitCount
                guard base > 0, key.hasPrefix(ending, at: base), !key[..<base].contains(0x27) else { continue }
                output.append(contentsOf: text[word.lowerBound..<word.lowerBound + base])
                let bytes = UTF8Bytes(start: words.utf8Start, count: words.utf8CodeUnitCount)
                append(bytes[...], like: text[word], to: &output)
                return true
            }
            return false
        }
    }

    /// Appends `words` in capitals if `original` has only capitals, else with the first letter like that of `original`.
    private func append(_ words: Slice<UTF8Bytes>, like original: Slice<UTF8Bytes>, to output: inout [UInt8]) {
        let letters = original.filter(\.isLetter)
        let isCapitals = letters.count > 1 && letters.allSatisfy(\.isCapital)
        let isCapitalized = letters.first?.isCapital ?? false
        for (offset, byte) in words.enumerated() {
            let isCapital = byte.isLetter && (isCapitals || offset == 0 && isCapitalized)
            output.append(isCapital ? byte & ~0x20 : byte)
        }
    }
}
