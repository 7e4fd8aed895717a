import Text

/// Describes texts that are read one window after the other.
///
/// Its memory does not grow with the number of texts, except for a hash of each different text.
public struct DataDescriber {
    private struct Label {
        var name: String?
        var characters = Distribution()
        var words = Distribution()
        var traits: [TextTrait: Int] = [:]
    }

    /// What is computed of one text, on any core.
    private struct Facts: Sendable {
        var hash: UInt64
        var characters: Int
        var words: Int
        var traits: [TextTrait]
        var ngrams: Set<String>
        var script: WritingSystem
        var isEmpty: Bool
        var isUndecodable: Bool
    }

    private var labels: [Label] = []
    private var positions: [String?: Int] = [:]
    private var ngrams = NgramCounts()
    private var scripts: [WritingSystem: Int] = [:]
    /// The label of each different text, or `severalLabels`.
    private var seen: [UInt64: Int32] = [:]
    private var (texts, empty, repeated, contradictory, undecodable) = (0, 0, 0, 0, 0)
    private static let severalLabels: Int32 = -1

    /// Creates a describer that has seen no text.
    public init() {}

    /// Adds texts.
    ///
    /// - Parameter tweets: The texts, with their labels.
    public mutating func add(_ tweets: [Tweet]) {
        let facts = inParallel(tweets.count, parts: 16) { range in range.map { Self.facts(tweets[$0].text) } }
        for (tweet, facts) in zip(tweets, facts.joined()) { add(facts, label: tweet.label) }
    }

    private mutating func add(_ facts: Facts, label name: String?) {
        let label = position(of: name)
        texts += 1
        if facts.isEmpty { empty += 1 }
        if facts.isUndecodable { undecodable += 1 }
        if let earlier = seen[facts.hash] {
            repeated += 1
            if earlier != Int32(label), earlier != Self.severalLabels {
                contradictory += 1
                seen[facts.hash] = Self.severalLabels
            }
        } else {
            seen[facts.hash] = Int32(label)
        }
        labels[label].characters.add(facts.characters)
        labels[label].words.add(facts.words)
        for trait in facts.traits { labels[label].traits[trait, default: 0] += 1 }
        scripts[facts.script, default: 0] += 1
        ngrams.add(facts.ngrams, label: label)
    }

    private mutating func position(of name: String?) -> Int {
        if let position = positions[name] { return position }
        labels.append(Label(name: name))
        positions[name] = labels.count - 1
        return labels.count - 1
    }

    private static func facts(_ text: String) -> Facts {
        let traits = TextTraits(text)
        var buffer = TextBuffer()
        buffer.load(text.lowercased())
        var (words, ngrams): (Int, Set<String>) = (0, [])
        buffer.withBytes { bytes in
            var last: String?
            WordSplitter(.tweet).forEachWord(in: bytes) { range in
                let word = String(decoding: bytes[range], as: UTF8.self)
                words += 1
                ngrams.insert(word)
                if let last { ngrams.insert("\(last) \(word)") }
                last = word
            }
        }
        return Facts(
            hash: Split.hash(text, 0), characters: traits.length, words: words,
            traits: TextTrait.allCases.filter { traits.has($0.count) }, ngrams: ngrams, script: traits.writingSystem,
            isEmpty: text.allSatisfy(\.isWhitespace), isUndecodable: text.unicodeScalars.contains("\u{FFFD}"))
    }

    /// The description of all texts so far.
    ///
    /// - Parameter count: The most n-grams to list for each label.
    /// - Returns: The description.
    public func description(ngrams count: Int = 20) -> DataDescription {
        let order = labels.indices.sorted { (labels[$1].words.total, $0) < (labels[$0].words.total, $1) }
        return DataDescription(
            texts: texts,
            labels: order.map { index in
                let label = labels[index]
                return .init(
                    name: label.name, texts: label.words.total, characters: label.characters, words: label.words,
                    traits: label.traits, telling: ngrams.telling(index, count), frequent: ngrams.frequent(index, count)
                )
            },
            empty: empty, repeated: repeated, contradictory: contradictory, undecodable: undecodable, scripts: scripts)
    }
}
