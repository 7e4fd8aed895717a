import Feedback
import Testing

@testable import Validation

/// Cohen's kappa and its interval.
@Suite struct AgreementTests {
    private func agreement(_ table: [[Int]]) -> Agreement {
        let labels = (0..<table.count).map { Verdict.label("\($0)") }
        var verdicts: [(Verdict, Verdict)] = []
        for (row, counts) in table.enumerated() {
            for (column, count) in counts.enumerated() {
                verdicts += (0..<count).map { _ in (labels[row], labels[column]) }
            }
        }
        return Agreement(["a", "b"], verdicts)
    }

    /// The expected numbers come from statsmodels 0.15.0, `cohens_kappa(numpy.array(table))`: `kappa`, `kappa_low` and `kappa_upp`.
    @Test(arguments: [
        ([[20, 5], [10, 15]], 0.4, 0.151092290476661, 0.6489077095233389),
        ([[44, 5, 1], [7, 20, 3], [9, 5, 6]], 0.49152542372881347, 0.35015820121748686, 0.6328926462401401),
    ])
    func kappaIsThatOfTheReference(table: [[Int]], kappa: Double, low: Double, high: Double) throws {
        let agreement = agreement(table)
        #expect(abs(try #require(agreement.kappa) - kappa) < 1e-9)
        let interval = try #require(agreement.interval)
        #expect(abs(interval.lowerBound - low) < 1e-9 && abs(interval.upperBound - high) < 1e-9)
    }

    @Test func whoeverAgreesAlwaysHasTheKappaOne() {
        let agreement = agreement([[3, 0], [0, 4]])
        #expect(agreement.kappa == 1 && agreement.interval == 1...1)
    }

    @Test func kappaIsNotDefinedForASingleLabel() {
        let agreement = agreement([[3]])
        #expect(agreement.kappa == nil && agreement.interval == nil && agreement.observed == 1)
    }

    @Test func onlyFirstDecisionsCountAndSettlementsDoNot() {
        var lines: [JournalLine] = []
        for (name, keys) in [("bob", "1122"), ("ana", "12s2")] {
            var session = Samples.session(Samples.ten, annotator: name, ledger: Ledger(lines))
            lines += session.type(keys)
        }
        var settling = Samples.session(Samples.ten, annotator: "bob", settles: true, ledger: Ledger(lines))
        lines += settling.type("2")
        let all = Agreement.all(Ledger(lines))
        #expect(all.map(\.pairs) == [3] && all.first?.annotators == ["ana", "bob"])
        #expect(all.first?.observed == 2.0 / 3)
    }
}
