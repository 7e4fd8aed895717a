/// The validated reports that a model may learn from, and those that it is measured on.
///
/// The reports may be harmful: copies of one text, wrong labels, or texts of the test set. So a text counts once however
/// often it was reported, a text with several labels counts only if most of its reports agree, no text of the test set
/// is learned, and a class gets no more reports than the cap allows.
public struct ReportSelection: Sendable {
    /// What became of a report.
    public enum Outcome: String, Sendable, CaseIterable {
        /// The model learns it.
        case learned
        /// The model is measured on it and never learns it.
        case heldOut = "held-out"
        /// Another report has nearly the same text.
        case duplicate
        /// As many reports of nearly the same text have another label.
        case conflicting
        /// The test set has nearly the same text.
        case inTestSet = "in-test-set"
        /// Its class has newer reports up to the cap.
        case overCap = "over-cap"
        /// It belongs to the reports to measure on, but the model learns nearly the same text from the other data.
        case known
        /// A retraining with it was refused.
        case refused
    }

    /// One report of this many is held out.
    public static let heldOutShare: UInt64 = 5

    /// The reports to learn from, in the order in which they were given.
    public private(set) var learned: [ValidatedReport] = []
    /// The reports to measure on, in the order in which they were given.
    public private(set) var heldOut: [ValidatedReport] = []
    /// What became of each report, by its identifier.
    public private(set) var outcomes: [String: Outcome] = [:]

    /// Chooses among reports.
    ///
    /// The same reports in any order give the same choice. A hash of the text as it is compared decides which reports are
    /// held out, so all copies of a text are on one side, also in later retrainings.
    ///
    /// - Parameters:
    ///   - reports: The reports, with different identifiers.
    ///   - refused: The identifiers of those that must not be used again.
    ///   - base: The texts that the model learns anyway.
    ///   - test: The texts of the test set.
    ///   - cap: The most reports of a class to learn from, by label. The newest ones are kept.
    /// - Complexity: O(*n* log *n*) for *n* texts and reports.
    public init(
        _ reports: [ValidatedReport], refused: Set<String> = [], base: [String], test: [String], cap: [String: Int]
    ) {
        let tested = Set(test.map(comparableForm))
        let known = Set(base.map(comparableForm))
        var groups: [String: [ValidatedReport]] = [:]
        for report in reports {
            let form = comparableForm(of: report.text)
            if refused.contains(report.id) {
                outcomes[report.id] = .refused
            } else if tested.contains(form) {
                outcomes[report.id] = .inTestSet
            } else {
                groups[form, default: []].append(report)
            }
        }
        var candidates: [String: [ValidatedReport]] = [:]
        for (form, group) in groups {
            guard let chosen = chosen(of: group) else { continue }
            guard Split.hash(form, 0) % Self.heldOutShare == 0 else {
                candidates[chosen.label, default: []].append(chosen)
                continue
            }
            outcomes[chosen.id] = known.contains(form) ? .known : .heldOut
        }
        for (label, group) in candidates {
            let newestFirst = group.sorted { ($0.time, $0.id) > ($1.time, $1.id) }
            for (place, report) in newestFirst.enumerated() {
                outcomes[report.id] = place < cap[label, default: .max] ? .learned : .overCap
            }
        }
        learned = reports.filter { outcomes[$0.id] == .learned }
        heldOut = reports.filter { outcomes[$0.id] == .heldOut }
    }

    /// The report that stands for a group with nearly the same text, or nil if no label has the majority.
    private mutating func chosen(of group: [ValidatedReport]) -> ValidatedReport? {
        let counts = group.reduce(into: [String: Int]()) { $0[$1.label, default: 0] += 1 }
        let winner = counts.first { $0.value * 2 > group.count }?.key
        guard let winner,
            let first = group.filter({ $0.label == winner }).min(by: { ($0.time, $0.id) < ($1.time, $1.id) })
        else {
            for report in group { outcomes[report.id] = .conflicting }
            return nil
        }
        for report in group where report.id != first.id { outcomes[report.id] = .duplicate }
        return first
    }

    /// The number of reports with an outcome.
    ///
    /// - Parameter outcome: The outcome.
    /// - Returns: The number.
    public func count(_ outcome: Outcome) -> Int { outcomes.values.count { $0 == outcome } }
}
