import Feedback
import Fixtures
import Testing

/// The rule of alerts: three reports within five minutes.
@Suite struct AlertRuleTests {
    private typealias Report = (id: FeedbackID, time: FeedbackTime)
    private let rule = AlertRule()

    private func time(_ seconds: Double) -> FeedbackTime {
        FeedbackTime(milliseconds: 1_790_000_000_000 + Int(seconds * 1000))
    }

    /// Reports at these seconds.
    private func reports(_ seconds: Double...) -> [Report] {
        seconds.map { (FeedbackID(time: time($0)), time($0)) }
    }

    @Test(
        "Three reports raise an alert if the last one comes at most five minutes after the first",
        arguments: [
            (299.0, true), (300, true), (300.001, false), (301, false),
        ])
    func theWindowIsExact(last: Double, isAlert: Bool) {
        let reports = reports(0, 10, last)
        #expect(
            rule.decide(reports, last: nil, now: time(last)) == (isAlert ? .alert(reports.map(\.id)) : .none))
    }

    @Test("Two reports are not enough, whatever the window is")
    func twoAreNotEnough() {
        #expect(rule.decide(reports(0, 1), last: nil, now: time(1)) == .none)
    }

    @Test("The window slides: reports at both sides of a full five minutes count together")
    func theWindowSlides() {
        let reports = reports(290, 299, 301)
        #expect(rule.decide(reports, last: nil, now: time(301)) == .alert(reports.map(\.id)))
    }

    @Test("A slow report before three fast ones is not part of the alert")
    func onlyReportsOfAFullWindowArePart() {
        let reports = reports(0, 400, 410, 420)
        #expect(rule.decide(reports, last: nil, now: time(420)) == .alert(reports.dropFirst().map(\.id)))
    }

    @Test("Reports of two separate windows are part of one alert, once each and in their order")
    func severalWindows() {
        let reports = reports(0, 1, 2, 3, 1000, 2000, 2001, 2002)
        let expected = reports.filter { $0.time != time(1000) }.map(\.id)
        #expect(rule.decide(reports.reversed(), last: nil, now: time(2002)) == .alert(expected))
    }

    @Test("After an alert, the next one waits until the cooldown is over")
    func theCooldown() {
        let reports = reports(100, 101, 102)
        let last = time(0)
        #expect(rule.decide(reports, last: last, now: time(102)) == .wait(until: time(900)))
        #expect(rule.decide(reports, last: last, now: time(899.999)) == .wait(until: time(900)))
        #expect(rule.decide(reports, last: last, now: time(900)) == .alert(reports.map(\.id)))
    }

    @Test("A last alert in the future comes from a wrong clock and delays nothing")
    func aClockThatJumps() {
        let reports = reports(0, 1, 2)
        #expect(rule.decide(reports, last: time(3600), now: time(2)) == .alert(reports.map(\.id)))
    }

    @Test("An alert names a limited number of reports")
    func theLimit() {
        let many = (0..<1500).map { (FeedbackID(time: time(Double($0) / 10)), time(Double($0) / 10)) }
        guard case .alert(let ids) = rule.decide(many, last: nil, now: time(200)) else {
            Issue.record("no alert")
            return
        }
        #expect(ids == many.prefix(AlertRule.longestAlert).map(\.0))
    }

    @Test("The rule chooses what the definition says, for random reports in any order")
    func theDefinition() {
        var random = Seeded(17)
        for _ in 0..<300 {
            let rule = AlertRule(
                threshold: .random(in: 1...5, using: &random), window: .random(in: 0...20, using: &random), cooldown: 0)
            let reports = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                let time = FeedbackTime(milliseconds: .random(in: 0...200, using: &random))
                return (id: FeedbackID(time: time), time: time)
            }
            // By definition, a report counts if some window that begins at a report holds it and enough others.
            let expected = reports.filter { report in
                reports.contains { first in
                    let range = first.time.milliseconds...first.time.milliseconds + rule.window
                    return range.contains(report.time.milliseconds)
                        && reports.count { range.contains($0.time.milliseconds) } >= rule.threshold
                }
            }
            let sorted = expected.sorted { ($0.time, $0.id) < ($1.time, $1.id) }.map(\.id)
            let decision = rule.decide(
                reports.shuffled(using: &random), last: nil, now: FeedbackTime(milliseconds: 300))
            #expect(decision == (sorted.isEmpty ? .none : .alert(sorted)))
        }
    }
}
