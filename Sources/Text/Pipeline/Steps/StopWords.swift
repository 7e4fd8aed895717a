/// Removes words that say little by themselves.
struct StopWords: TextStep, Substitution {
    static let name = "stopwords"
    static let options = [
        StepOption("keep", .choice(["negations", "none"])),
        StepOption("fragments", .flag),
        WordFinder.spaced,
    ]

    /// Whether `no`, `nor`, `not` and words in `n't` are removed too.
    private let removesNegations: Bool
    /// Whether what tokenizers leave of contractions, such as `don` and `ll`, is removed too.
    private let removesFragments: Bool
    private let words: WordFinder

    init(_ options: StepOptions) {
        removesNegations = options.text("keep") == "none"
        removesFragments = options.has("fragments")
        words = WordFinder(options)
    }

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        var start = start
        while let word = words.nextWord(in: text, from: start) {
            if word.count <= 20, text.withKey(of: word, isRemoved) { return text.removal(of: word) }
            start = word.upperBound
        }
        return nil
    }

    private func isRemoved(_ key: UTF8Bytes) -> Bool {
        if FunctionWordTable.stopWords.contains(key) { return true }
        if removesNegations && FunctionWordTable.negatingStopWords.contains(key) { return true }
        if removesFragments && NegationTable.fragments.contains(key) { return true }
        guard let apostrophe = key.firstIndex(of: 0x27) else { return false }
        // `it's` is a stop word because `it` is one; `don't` is a negation.
        let endsInNot = key.hasPrefix("n't", at: max(apostrophe - 1, 0)) && apostrophe + 2 == key.count
        return endsInNot ? removesNegations : FunctionWordTable.stopWords.contains(key[..<apostrophe])
    }
}
