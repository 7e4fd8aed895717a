import Foundation
public import Text

/// How a lexicon is learned from labelled texts.
///
/// The valence of a word is the logarithm of how much more often it occurs in the texts of a class than in the others.
/// What a negation would turn round counts for the other side, so that learning and scoring follow the same rule.
public struct LexiconRecipe: Sendable {
    /// The steps that change a text before it is split.
    ///
    /// A step `lowercase` would hide capitals from the rules.
    public var pipeline: TextPipeline
    /// The fewest texts that a word must occur in.
    public var minimumTexts = 2
    /// The number that is added to each count.
    public var smoothing = 3.0

    /// The valence of a word with log odds of 1, which makes valences as large as those the rules were made for.
    static let unit = 3.0
    /// Valences nearer to 0 are left out.
    static let smallest = 0.5

    /// Creates the recipe that we know to be the best for tweets.
    ///
    /// - Parameter pipeline: The steps that change a text before it is split.
    public init(_ pipeline: TextPipeline) { self.pipeline = pipeline }

    /// Learns a lexicon.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - labels: The class of each text, from 0.
    ///   - classes: The number of classes, at least 2. Each class has a text.
    /// - Returns: The lexicon, which is the same for any number of cores.
    public func train(_ texts: [String], _ labels: [Int], classes: Int) -> TrainedLexicon {
        let words = vocabulary(texts)
        let counts = counts(texts, labels, words, classes: classes)
        let sizes = labels.reduce(into: [Double](repeating: 0, count: classes)) { $0[$1] += 1 }
        let wanted = classes == 2 ? [1] : Array(0..<classes)
        var (hashes, valences): ([(hash: UInt64, texts: Int32)], [Float]) = ([], [])
        for (word, hash) in words.hashes.enumerated() {
            let plain = counts.plain[word * classes..<(word + 1) * classes]
            let negated = counts.negated[word * classes..<(word + 1) * classes]
            let turned = Double(-LexiconText.negation)
            let found = wanted.map { label -> Float in
                let (own, ownNegated) = (plain[plain.startIndex + label], negated[negated.startIndex + label])
                let inside = own + turned * (negated.reduce(0, +) - ownNegated)
                let outside = plain.reduce(0, +) - own + turned * ownNegated
                let others = Double(labels.count) - sizes[label]
                let logOdds =
                    log((inside + smoothing) / (sizes[label] + 2 * smoothing))
                    - log((outside + smoothing) / (others + 2 * smoothing))
                return abs(Self.unit * logOdds) < Self.smallest ? 0 : Float(Self.unit * logOdds)
            }
            guard found.contains(where: { $0 != 0 }) else { continue }
            hashes.append((hash, 0))
            valences += found
        }
        let vocabulary = NgramVocabulary(words.block, hashes, texts: texts.count)
        return TrainedLexicon(pipeline, vocabulary, valences, texts, labels, classes: classes)
    }

    /// The words that occur in enough texts.
    private func vocabulary(_ texts: [String]) -> NgramVocabulary {
        let parts = inParallel(texts.count, parts: TrainedLexicon.parts) { range in
            var counter = NgramCounter()
            TrainedLexicon.scan(texts, range, pipeline) { index, text in
                for word in text.words { counter.add(word.hash, text: Int32(index)) }
            }
            return counter
        }
        let counter = parts.reduce(into: NgramCounter()) { $0.add($1) }
        let range = minimumTexts...max(minimumTexts, texts.count)
        return NgramVocabulary(NgramBlock(.token, 1...1), counter.ngrams(in: range), texts: texts.count)
    }

    /// How often each word occurs in the texts of each class, without and with a negation before it, (words, classes).
    private func counts(
        _ texts: [String], _ labels: [Int], _ words: NgramVocabulary, classes: Int
    ) -> (plain: [Double], negated: [Double]) {
        let parts = inParallel(texts.count, parts: TrainedLexicon.parts) { range in
            var found: [(place: Int, isNegated: Bool)] = []
            TrainedLexicon.scan(texts, range, pipeline) { index, text in
                for (position, word) in text.words.enumerated() {
                    let feature = Int(words.feature(of: word.hash))
                    guard feature >= 0 else { continue }
                    found.append((feature * classes + labels[index], text.negations(before: position) % 2 == 1))
                }
            }
            return found
        }
        var plain = [Double](repeating: 0, count: words.hashes.count * classes)
        var negated = plain
        for (place, isNegated) in parts.joined() {
            if isNegated { negated[place] += 1 } else { plain[place] += 1 }
        }
        return (plain, negated)
    }
}
