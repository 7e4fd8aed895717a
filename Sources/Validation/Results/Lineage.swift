import Feedback
import JSON

/// Where a validated set comes from: its digest, the reports, the people, and how far they agree.
struct Lineage {
    private let json: JSON

    init(_ set: ValidatedSet, _ ledger: Ledger, at time: FeedbackTime) {
        var annotators: [String: Int] = [:]
        for judgements in ledger.judgements.values {
            for (name, judgement) in judgements where judgement.verdict.isDecision {
                annotators[name, default: 0] += 1
            }
        }
        for settlement in ledger.settlements.values where settlement.judgement.verdict.isDecision {
            annotators[settlement.annotator, default: 0] += 1
        }
        json = [
            "sha256": .string(set.digest), "created": .string("\(time)"),
            "sources": .array(
                ledger.sources.map {
                    [
                        "path": .string($0.path), "sha256": .string($0.digest),
                        "records": .number(Double($0.records)),
                    ]
                }),
            "annotators": Self.counts(annotators), "counts": Self.counts(set.counts),
            "skipped": .number(Double(set.skipped)), "rejected": .number(Double(set.rejected)),
            "disputed": .number(Double(set.disputed)), "agreement": Self.agreement(ledger),
            "model": ledger.model.map(JSON.string) ?? .null,
        ]
    }

    /// The document, in UTF-8, with a line feed at its end.
    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(json)
        writer.endLine()
        return writer.bytes
    }

    private static func counts(_ counts: [String: Int]) -> JSON {
        .object(
            counts.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .number(Double($0.value))) }
        )
    }

    private static func agreement(_ ledger: Ledger) -> JSON {
        guard let agreement = Agreement.ofMostPairs(ledger) else { return .null }
        return [
            "pairs": .number(Double(agreement.pairs)), "kappa": agreement.kappa.map(JSON.number) ?? .null,
            "low": agreement.interval.map { .number($0.lowerBound) } ?? .null,
            "high": agreement.interval.map { .number($0.upperBound) } ?? .null,
            "annotators": .array(agreement.annotators.map(JSON.string)),
        ]
    }
}
