/// The words of a text for a lexicon, and the memory that is used again for the next text.
///
/// A lexicon gives each word a valence: how much it speaks for a class. The text keeps its capitals, which the rules of
/// ``LexiconText/valence(of:_:)`` need; words are looked up in lower case.
public struct LexiconText: Sendable {
    /// What a word does to the words near it.
    enum Role: Sendable {
        case none, negates, strengthens, weakens
    }

    /// A word, a mention, a link or a run of marks.
    public struct Word: Sendable {
        /// The hash of the word in lower case, with straight apostrophes.
        public let hash: UInt64
        /// The bytes of the word in the text.
        public let range: Range<Int>
        let role: Role
        let isInCapitals: Bool
        /// The number of words before it, without runs of marks.
        let place: Int
    }

    /// The words in the order of the text, without runs of `!` and `?`.
    public private(set) var words: [Word] = []
    /// The positions in ``words`` of those that are not runs of marks.
    private(set) var places: [Int] = []
    /// The position in ``words`` of the first `but`, or nil.
    private(set) var contrast: Int?
    /// Whether some words, but not all, are in capitals.
    private(set) var hasMixedCapitals = false
    private(set) var exclamations = 0
    private(set) var questions = 0
    private var key: [UInt8] = []
    private static let splitter = WordSplitter(.tweet)

    /// Creates memory for a text.
    public init() {}

    /// Finds the words of a text.
    ///
    /// - Parameter text: The text, as the text pipeline leaves it.
    /// - Complexity: O(bytes of `text`).
    public mutating func scan(_ text: borrowing TextBuffer) {
        words.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        (contrast, exclamations, questions) = (nil, 0, 0)
        var capitals = 0
        text.withBytes { text in
            for byte in text {
                if byte == 0x21 { exclamations += 1 }
                if byte == 0x3F { questions += 1 }
            }
            Self.splitter.forEachWord(in: text) { range in
                if let word = read(text, range) {
                    if word.isInCapitals { capitals += 1 }
                    words.append(word)
                }
            }
        }
        hasMixedCapitals = capitals > 0 && capitals < places.count
    }

    /// Reads a word, or returns nil for a run of `!` and `?`.
    private mutating func read(_ text: UTF8Bytes, _ range: Range<Int>) -> Word? {
        guard !text[range].allSatisfy({ $0 == 0x21 || $0 == 0x3F }) else { return nil }
        key.removeAll(keepingCapacity: true)
        var (isWord, index) = (false, range.lowerBound)
        while index < range.upperBound {
            let (value, length) = text.codePoint(at: index)
            index += length
            isWord = isWord || value.isWordCharacter
            if value.isApostrophe {
                key.append(0x27)
            } else if value < 0x80 {
                key.append(UInt8(value).lowercased)
            } else {
                _ = NormalizerTables.lowercased.forEachImage(of: value) {
                    key.append(codePoint: $0)
                    return true
                }
            }
        }
        let count = key.count
        for _ in 0..<NgramHash.padding { key.append(0) }
        let hash = key.withUnsafeBytes { NgramHash.hash($0, 0..<count, seed: 1) }
        let place = places.count
        guard isWord else { return Word(hash: hash, range: range, role: .none, isInCapitals: false, place: place) }
        places.append(words.count)
        let name = key[..<count]
        if contrast == nil, name.elementsEqual("but".utf8) { contrast = words.count }
        let isTag = text[range.lowerBound] == 0x40
        return Word(
            hash: hash, range: range, role: role(text, range, name), isInCapitals: !isTag && text.isInCapitals(range),
            place: place)
    }

    private func role(_ text: UTF8Bytes, _ range: Range<Int>, _ name: ArraySlice<UInt8>) -> Role {
        if NegationTable.negates(text, range) { return .negates }
        if BoosterTable.stronger.contains(name) { return .strengthens }
        return BoosterTable.weaker.contains(name) ? .weakens : .none
    }
}
