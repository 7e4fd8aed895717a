/// Reduces plurals to the singular and forms of verbs to the infinitive, by rules and a list of irregular words.
///
/// Words with a capital letter stay as they are.
struct Lemmatizer: TextStep, Substitution {
    static let name = "lemmatize"
    static let options = [StepOption("rule", .choice(["all", "nouns", "prior-g"])), WordFinder.spaced]

    private enum Rule {
        /// Plurals and forms of verbs.
        case all
        /// Plurals.
        case nouns
        /// Plurals, as an earlier system did it with NLTK.
        case priorG
    }

    private let rule: Rule
    private let words: WordFinder

    init(_ options: StepOptions) {
        rule =
            switch options.text("rule") {
            case "nouns": .nouns
            case "prior-g": .priorG
            default: .all
            }
        words = WordFinder(options)
    }

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        var start = start
        while let word = words.nextWord(in: text, from: start) {
            start = word.upperBound
            // No rule and no irregular word is longer or has other characters than letters and digits of ASCII.
            guard word.count > 1, word.count <= 40,
                text[word].allSatisfy({ $0.isLetter && !$0.isCapital || $0.isDigit })
            else { continue }
            replacement.append(contentsOf: text[word])
            lemmatize(&replacement)
            if !replacement.elementsEqual(text[word]) { return word }
            replacement.removeAll(keepingCapacity: true)
        }
        return nil
    }

    private func lemmatize(_ word: inout [UInt8]) {
        if rule == .priorG {
            if let lemma = PriorGLemmaTable.table.value(of: word) {
                word = Array(lemma)
            } else if word.count == 2 && word[1] == 0x73 {
                word.removeLast()
            } else {
                EnglishInflection.removePlural(from: &word, least: 3)
            }
        } else if UninflectedWordTable.table.contains(word) {
            return
        } else if rule == .all, let lemma = IrregularVerbTable.table.value(of: word) {
            word = Array(lemma)
        } else if let lemma = IrregularNounTable.table.value(of: word) {
            word = Array(lemma)
        } else if !(rule == .all && EnglishInflection.removeVerbEnding(from: &word)) {
            EnglishInflection.removePlural(from: &word, least: 4)
        }
    }
}
