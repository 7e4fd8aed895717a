public import Feedback
import Foundation

/// How many reports there are, by label, by model and by week.
public struct ReportCounts: Codable, Equatable, Sendable {
    /// The number of reports, and of those that say that the prediction was wrong.
    public struct Count: Codable, Equatable, Sendable {
        /// The label, the model or the week.
        public var name: String
        /// The number of reports.
        public var reports: Int
        /// The number of those that say that the prediction was wrong.
        public var wrong: Int
    }

    /// All reports.
    public var total: Count
    /// By the label that the model gave, in alphabetical order.
    public var predicted: [Count]
    /// By the label that the user expects, in alphabetical order.
    public var expected: [Count]
    /// By the name of the model and the first digits of its digest.
    public var models: [Count]
    /// By the week, such as `2026-W48`, in the order of time.
    public var weeks: [Count]

    /// Counts reports.
    ///
    /// - Parameter records: The reports.
    public init(_ records: [FeedbackRecord]) {
        func counts(_ name: (FeedbackRecord) -> String?) -> [Count] {
            var counts: [String: Count] = [:]
            for record in records {
                guard let name = name(record) else { continue }
                counts[name, default: Count(name: name, reports: 0, wrong: 0)].reports += 1
                if record.isCorrect == false { counts[name]?.wrong += 1 }
            }
            return counts.values.sorted { $0.name < $1.name }
        }
        total = Count(name: "all", reports: records.count, wrong: records.count { $0.isCorrect == false })
        predicted = counts(\.predicted)
        expected = counts(\.expected)
        models = counts { record in
            let name = record.model.isEmpty ? "unknown" : record.model
            return record.modelDigest.isEmpty ? name : "\(name) \(record.modelDigest.prefix(12))"
        }
        weeks = counts { Self.week($0.time) }
    }

    /// The week of a time in UTC.
    ///
    /// - Parameter time: The time.
    /// - Returns: The year and the number of the week, such as `2026-W48`.
    /// - Source: ISO 8601, section 5.4: a week begins on Monday, and the first one of a year has its first Thursday.
    public static func week(_ time: FeedbackTime) -> String {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = .gmt
        let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)
        let parts = calendar.dateComponents([.yearForWeekOfYear, .weekOfYear], from: date)
        return String(format: "%04d-W%02d", parts.yearForWeekOfYear ?? 0, parts.weekOfYear ?? 0)
    }
}
