public import Feedback
import JSON

/// Finds reports in what a log or a query gives: objects, some of which are reports.
struct ReportEvents {
    private(set) var records: [FeedbackRecord] = []
    /// The number of entries that are no reports.
    private(set) var others = 0
    /// Why reports could not be read, one sentence for each of the first ones.
    private(set) var problems: [String] = []
    private var unreadable = 0

    /// The most problems that are described.
    private static let mostProblems = 10

    /// Takes an entry.
    ///
    /// - Parameters:
    ///   - fields: Its members.
    ///   - place: The file and the line, for problems.
    ///   - isSure: Whether it is a report even if it has no message.
    mutating func add(_ fields: ReportFields, _ place: String, isSure: Bool) {
        let message = fields.text("message", "Message")
        guard message.map({ $0 == FoundReports.message }) ?? isSure else { return others += 1 }
        do throws(ReportError) { records.append(try fields.record(place)) } catch {
            unreadable += 1
            if unreadable <= Self.mostProblems { problems.append("\(error)") }
            if unreadable == Self.mostProblems + 1 { problems.append("more reports cannot be read") }
        }
    }

    /// The reports, and what was left out.
    var found: FoundReports {
        let count = unreadable == 1 ? "1 report is left out" : "\(unreadable) reports are left out"
        return FoundReports(
            records: records, others: others, unreadable: unreadable,
            problems: problems + (unreadable > 0 ? [count] : []))
    }
}

/// Reports that were found among other entries.
public struct FoundReports: Sendable {
    /// The message of a report in logs and in Application Insights.
    public static let message = "prediction_feedback_reported"

    /// The reports.
    public var records: [FeedbackRecord]
    /// The number of entries that are no reports.
    public var others: Int
    /// The number of reports that could not be read.
    public var unreadable: Int
    /// What could not be read, in sentences.
    public var problems: [String]

    /// Creates a result that has found nothing.
    public init() { self.init(records: [], others: 0, unreadable: 0, problems: []) }

    init(records: [FeedbackRecord], others: Int, unreadable: Int, problems: [String]) {
        (self.records, self.others, self.unreadable, self.problems) = (records, others, unreadable, problems)
    }

    /// The number of all entries.
    public var entries: Int { records.count + others + unreadable }

    /// Adds what was found elsewhere.
    ///
    /// - Parameter more: What was found there.
    public mutating func add(_ more: FoundReports) {
        records += more.records
        problems += more.problems
        others += more.others
        unreadable += more.unreadable
    }
}
