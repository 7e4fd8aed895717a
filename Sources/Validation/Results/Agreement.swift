import Feedback

/// How far two annotators agree beyond chance: Cohen's kappa.
///
/// Only reports count about which both have decided, before any settlement. That a text is no example counts as a label.
///
/// - Source: Cohen 1960, doi:10.1177/001316446002000104.
public struct Agreement: Equatable, Sendable {
    /// The names of both annotators, in alphabetical order.
    public let annotators: [String]
    /// The number of reports about which both have decided.
    public let pairs: Int
    /// The share of these reports about which they agree.
    public let observed: Double
    /// Cohen's kappa; nil if both always gave the same single label, so that chance alone explains it.
    public let kappa: Double?
    /// The interval of kappa at a level of 95 %, at most from -1 to 1.
    ///
    /// - Source: Fleiss, Cohen and Everitt 1969, doi:10.1037/h0028106.
    public let interval: ClosedRange<Double>?

    /// Compares the verdicts of two annotators.
    ///
    /// - Parameters:
    ///   - annotators: The names of both.
    ///   - verdicts: What the first and the second one said about each report; at least one.
    public init(_ annotators: [String], _ verdicts: [(Verdict, Verdict)]) {
        self.annotators = annotators
        pairs = verdicts.count
        let n = Double(verdicts.count)
        observed = Double(verdicts.count { $0 == $1 }) / n
        var (first, second): ([Verdict: Double], [Verdict: Double]) = ([:], [:])
        for (a, b) in verdicts {
            first[a, default: 0] += 1 / n
            second[b, default: 0] += 1 / n
        }
        let expected = first.reduce(0) { $0 + $1.value * (second[$1.key] ?? 0) }
        guard 1 - expected > 1e-12 else {
            (kappa, interval) = (nil, nil)
            return
        }
        let kappa = (observed - expected) / (1 - expected)
        // The sum over all pairs of labels, taken report by report.
        var variance = -(kappa - expected * (1 - kappa)) * (kappa - expected * (1 - kappa))
        for (a, b) in verdicts {
            let term =
                a == b
                ? 1 - ((first[a] ?? 0) + (second[a] ?? 0)) * (1 - kappa)
                : (1 - kappa) * ((second[a] ?? 0) + (first[b] ?? 0))
            variance += term * term / n
        }
        let error = (max(0, variance) / n).squareRoot() / (1 - expected)
        self.kappa = kappa
        interval =
            max(-1, kappa - 1.959963984540054 * error)...min(1, kappa + 1.959963984540054 * error)
    }

    /// The agreement of each two annotators who have decided about the same reports.
    ///
    /// - Parameter ledger: What is valid now.
    /// - Returns: The agreements, those of the most reports first.
    public static func all(_ ledger: Ledger) -> [Agreement] {
        var pairs: [[String]: [(Verdict, Verdict)]] = [:]
        for id in ledger.judgements.keys.sorted() {
            let decided = (ledger.judgements[id] ?? [:]).filter { $0.value.verdict.isDecision }.sorted {
                $0.key < $1.key
            }
            for (index, a) in decided.enumerated() {
                for b in decided[(index + 1)...] {
                    pairs[[a.key, b.key], default: []].append((a.value.verdict, b.value.verdict))
                }
            }
        }
        return pairs.map { Agreement($0.key, $0.value) }.sorted { a, b in
            (b.pairs, a.annotators.joined(separator: "\0")) < (
                a.pairs, b.annotators.joined(separator: "\0")
            )
        }
    }

    /// The agreement of the two annotators who have decided about the most reports, or nil.
    static func ofMostPairs(_ ledger: Ledger) -> Agreement? { all(ledger).first }
}
