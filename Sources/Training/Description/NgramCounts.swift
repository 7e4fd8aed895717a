import Foundation

/// In how many texts of each label a word or a pair of words occurs.
///
/// The table has a bound: when it is full, n-grams that occurred once are forgotten.
struct NgramCounts: Sendable {
    private var counts: [String: [Int32]] = [:]
    /// The most n-grams that are counted at the same time.
    private static let most = 1_000_000

    /// Counts the n-grams of a text, each once.
    mutating func add(_ ngrams: Set<String>, label: Int) {
        for ngram in ngrams {
            var row = counts.removeValue(forKey: ngram) ?? []
            while row.count <= label { row.append(0) }
            row[label] += 1
            counts[ngram] = row
        }
        if counts.count > Self.most { counts = counts.filter { $0.value.reduce(0, +) > 1 } }
    }

    /// The n-grams that tell most that a text has a label.
    ///
    /// - Parameters:
    ///   - label: The label.
    ///   - count: The most n-grams.
    /// - Returns: The n-grams, those with the highest z-score first.
    /// - Source: Monroe, Colaresi and Quinn 2008, "Fightin' words", equations 16, 20 and 22.
    func telling(_ label: Int, _ count: Int) -> [DataDescription.TellingNgram] {
        var inside = 0.0
        var all = 0.0
        for row in counts.values {
            all += Double(row.reduce(0, +))
            inside += row.indices.contains(label) ? Double(row[label]) : 0
        }
        let outside = all - inside
        let priorTexts = min(Self.mostPriorTexts, all / 100)
        guard inside > 0, outside > 0 else { return [] }
        let scored = counts.compactMap { ngram, row -> DataDescription.TellingNgram? in
            let total = Double(row.reduce(0, +))
            let own = row.indices.contains(label) ? Double(row[label]) : 0
            guard own >= Self.leastTexts else { return nil }
            let prior = total / all * priorTexts
            let odds = log((own + prior) / (inside + priorTexts - own - prior))
            let others = total - own
            let otherOdds = log((others + prior) / (outside + priorTexts - others - prior))
            let deviation = (1 / (own + prior) + 1 / (others + prior)).squareRoot()
            return .init(text: ngram, texts: Int(own), logOdds: odds - otherOdds, z: (odds - otherOdds) / deviation)
        }
        let best = scored.filter { $0.z > 0 }.sorted { ($1.z, $0.text) < ($0.z, $1.text) }
        return Array(best.prefix(count))
    }

    /// The n-grams that occur in the most texts of a label.
    func frequent(_ label: Int, _ count: Int) -> [DataDescription.FrequentNgram] {
        let found = counts.compactMap { ngram, row -> (text: String, texts: Int)? in
            row.indices.contains(label) && row[label] > 0 ? (ngram, Int(row[label])) : nil
        }
        return found.sorted { ($1.texts, $0.text) < ($0.texts, $1.text) }.prefix(count).map {
            .init(text: $0.text, texts: $0.texts)
        }
    }

    /// The fewest texts of an n-gram that is reported.
    private static let leastTexts = 3.0
    /// The largest weight of the prior, as a number of occurrences.
    private static let mostPriorTexts = 1000.0
}
