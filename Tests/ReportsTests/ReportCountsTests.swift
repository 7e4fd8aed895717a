import Feedback
import Fixtures
import Testing

@testable import Reports

@Suite struct ReportCountsTests {
    @Test func reportsAreCountedByLabelModelAndWeek() {
        func record(_ time: String, _ predicted: String, _ expected: String?, _ model: String) -> FeedbackRecord {
            let time = FeedbackTime(time) ?? FeedbackTime(milliseconds: 0)
            return FeedbackRecord(
                id: FeedbackID(time: time), time: time, content: .text("a"), predicted: predicted, score: 0.5,
                expected: expected, isCorrect: expected.map { $0 == predicted }, model: model,
                modelDigest: "0123456789abcdef")
        }
        let counts = ReportCounts([
            record("2026-11-24T16:20:00.000Z", "positive", "negative", "a"),
            record("2026-11-24T16:21:00.000Z", "positive", nil, "b"),
            record("2026-12-01T00:00:00.000Z", "negative", "negative", "a"),
        ])
        #expect(counts.total == .init(name: "all", reports: 3, wrong: 1))
        #expect(
            counts.predicted == [
                .init(name: "negative", reports: 1, wrong: 0), .init(name: "positive", reports: 2, wrong: 1),
            ])
        #expect(counts.expected == [.init(name: "negative", reports: 2, wrong: 1)])
        #expect(counts.models.map(\.name) == ["a 0123456789ab", "b 0123456789ab"])
        #expect(counts.weeks.map(\.name) == ["2026-W48", "2026-W49"])
    }

    /// The expected weeks come from `date -u +%G-W%V`.
    @Test(arguments: [
        ("2026-12-31T23:59:59.999Z", "2026-W53"), ("2027-01-03T23:59:59.000Z", "2026-W53"),
        ("2027-01-04T00:00:00.000Z", "2027-W01"), ("2024-12-30T00:00:00.000Z", "2025-W01"),
        ("2021-01-01T12:00:00.000Z", "2020-W53"),
    ])
    func weeksAreThoseOfTheStandard(time: String, week: String) {
        #expect(FeedbackTime(time).map(ReportCounts.week) == week)
    }
}
