/// Reduces words to their stems, `connected` and `connection` to `connect`.
///
/// Words with a capital letter stay as they are; so do tokens for links and mentions that are in capitals.
struct Stemmer: TextStep, Substitution {
    static let name = "stem"
    static let options = [StepOption("rule", .choice(["porter", "nltk"])), WordFinder.spaced]

    private let stemmer: PorterStemmer
    private let words: WordFinder

    init(_ options: StepOptions) {
        stemmer = PorterStemmer(options.text("rule") == "nltk" ? .nltk : .porter)
        words = WordFinder(options)
    }

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        var start = start
        while let word = words.nextWord(in: text, from: start) {
            start = word.upperBound
            guard !text[word].contains(where: \.isCapital) else { continue }
            replacement.append(contentsOf: text[word])
            stemmer.stem(&replacement)
            if !replacement.elementsEqual(text[word]) { return word }
            replacement.removeAll(keepingCapacity: true)
        }
        return nil
    }
}
