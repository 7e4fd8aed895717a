import Testing

@testable import Training

/// Which validated reports a model learns from.
@Suite struct ReportSelectionTests {
    private func report(_ number: Int, _ text: String, _ label: String = "negative", day: Int = 1) -> ValidatedReport {
        ValidatedReport(id: "r\(number)", text: text, label: label, time: "2026-03-0\(day)T00:00:00Z")
    }

    /// Texts that are no near-duplicates of each other.
    private func words(_ number: Int) -> String {
        String(number).map {
            ["a", "be", "cod", "dart", "egg", "fig", "gin", "hat", "ice", "jam"][$0.wholeNumberValue ?? 0]
        }
        .joined(separator: " ")
    }

    @Test("Links, mentions, marks, capitals, numbers and stretched letters make no difference")
    func nearDuplicates() {
        let form = comparableForm(of: "@united My flight 482 was SOOOO late!!! https://t.co/a")
        #expect(form == "my flight 0 was soo late")
        #expect(comparableForm(of: "RT @x: my flight 7 was sooo late...") == form)
        #expect(comparableForm(of: "my flight 482 was not late") != form)
        #expect(comparableForm(of: "late 😡") != comparableForm(of: "late 😍"))
        #expect(comparableForm(of: " :) ") == ":)" && comparableForm(of: ":(") == ":(")
        #expect(comparableForm(of: "") == "")
    }

    @Test("One report in five is held out, whatever the order, and always the same ones")
    func heldOut() {
        let reports = (0..<1000).map { report($0, words($0)) }
        let selection = ReportSelection(reports, base: [], test: [], cap: [:])
        #expect(selection.learned.count + selection.heldOut.count == 1000)
        #expect((150...250).contains(selection.heldOut.count))
        let shuffled = ReportSelection(reports.reversed(), base: [], test: [], cap: [:])
        #expect(shuffled.outcomes == selection.outcomes)
        let later = ReportSelection(Array(reports[500...]), base: [], test: [], cap: [:])
        #expect(later.heldOut == selection.heldOut.filter { Int($0.id.dropFirst()) ?? 0 >= 500 })
    }

    @Test("A text counts once, by the majority of its reports")
    func duplicates() {
        let reports = [
            report(1, "lost my bag"), report(2, "Lost my bag!", day: 2), report(3, "lost my bag", "positive"),
            report(4, "so good", "positive"), report(5, "so good!", "negative"),
        ]
        let selection = ReportSelection(reports, base: [], test: [], cap: [:])
        #expect((selection.learned + selection.heldOut).map(\.id) == ["r1"])
        #expect(selection.outcomes["r2"] == .duplicate && selection.outcomes["r3"] == .duplicate)
        #expect(selection.count(.conflicting) == 2)
    }

    @Test("A text of the test set is never learned, and one of the other data is never measured")
    func leakage() {
        let reports = (0..<100).map { report($0, words($0) + "!") }
        let all = ReportSelection(reports, base: [], test: [], cap: [:])
        let tested = ReportSelection(reports, base: [], test: (0..<50).map(words), cap: [:])
        #expect(tested.count(.inTestSet) == 50)
        #expect((tested.learned + tested.heldOut).allSatisfy { Int($0.id.dropFirst()) ?? 0 >= 50 })
        let known = ReportSelection(reports, base: (0..<100).map(words), test: [], cap: [:])
        #expect(known.heldOut.isEmpty && known.count(.known) == all.heldOut.count)
        #expect(known.learned == all.learned)
    }

    @Test("The cap of a label keeps the newest reports")
    func caps() {
        let reports = (0..<90).map { report($0, words($0), $0 < 60 ? "negative" : "positive", day: 1 + $0 % 9) }
        let all = ReportSelection(reports, base: [], test: [], cap: [:])
        let capped = ReportSelection(reports, base: [], test: [], cap: ["negative": 5])
        #expect(capped.heldOut == all.heldOut)
        let kept = capped.learned.filter { $0.label == "negative" }
        #expect(kept.count == 5)
        let others = all.learned.filter { $0.label == "negative" && !kept.contains($0) }
        #expect(capped.count(.overCap) == others.count)
        #expect(others.allSatisfy { other in kept.allSatisfy { $0.time >= other.time } })
        #expect(capped.learned.count { $0.label == "positive" } == all.learned.count { $0.label == "positive" })
    }

    @Test("Reports of a retraining that was refused are left out, and each report has one outcome")
    func refused() {
        let reports = (0..<40).map { report($0, words($0 / 2)) }
        let selection = ReportSelection(
            reports, refused: ["r0", "r7"], base: [words(3)], test: [words(4)], cap: ["negative": 3])
        #expect(selection.outcomes["r0"] == .refused && selection.outcomes["r7"] == .refused)
        #expect(selection.outcomes.count == 40)
        #expect(ReportSelection.Outcome.allCases.map(selection.count).reduce(0, +) == 40)
    }
}
