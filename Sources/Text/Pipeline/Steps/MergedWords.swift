/// Splits the merged words that the Penn Treebank splits: `cannot` becomes `can not`, and `gonna` becomes `gon na`.
///
/// - Source: Penn Treebank tokenization conventions.
struct MergedWords: TextStep, Substitution {
    static let name = "merged"
    static let options: [StepOption] = []

    private static let words: [(word: StaticString, split: Int)] = [
        ("cannot", 3), ("gimme", 3), ("gonna", 3), ("gotta", 3), ("lemme", 3), ("wanna", 3),
    ]

    init(_ options: StepOptions) {}

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        var index = start
        while index < text.count {
            if let end = Link.end(in: text, from: index) {
                index = end
                continue
            }
            guard text.wordCharacter(at: index) > 0 else {
                index += 1
                continue
            }
            let end = text.endOfWordCharacters(from: index)
            for (word, split) in Self.words
            where end - index == word.utf8CodeUnitCount && text.hasPrefix(word, at: index) {
                replacement.append(contentsOf: text[index..<index + split])
                replacement.append(0x20)
                replacement.append(contentsOf: text[index + split..<end])
                return index..<end
            }
            index = end
        }
        return nil
    }
}
