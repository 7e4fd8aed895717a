import Feedback
import Foundation
import Reports
import Tracking

/// Reports that a function or an earlier system has sent to Application Insights.
struct ReportQuery {
    private let service: LogAnalytics

    /// The number of rows of one answer.
    private static let page = 1000

    init(_ service: LogAnalytics) { self.service = service }

    /// Asks for all reports of the last days, one page after the other.
    ///
    /// - Parameter days: The number of days.
    /// - Returns: The reports, some of them repeatedly.
    /// - Throws: `TrackingError` if the service cannot be reached or refuses, and `ReportError` if its answer is no result.
    func reports(days: Int) async throws -> FoundReports {
        var all = FoundReports()
        var start = "ago(\(days)d)"
        var progress = Progress(unit: "reports")
        defer { progress.finish() }
        while true {
            let answer = try await service.answer(Self.query(service.resource, from: start))
            let found = try QueryResult.reports([UInt8](answer), path: "the answer of the query")
            all.add(found)
            progress.advance(by: found.records.count)
            guard found.entries >= Self.page else { return all }
            // The next page begins with the last moment of this one, because more rows may have the same time.
            let last = found.records.map(\.time).max().map { "datetime(\($0))" }
            guard let last, last != start else {
                throw ReportError(
                    "the answer of the query", "\(Self.page) rows have the same time, so the rest cannot be asked for",
                    "Save the result of a query in the portal, and give '--from application-insights'.")
            }
            start = last
        }
    }

    /// The query for the reports from a time on.
    static func query(_ resource: LogAnalytics.Resource, from start: String) -> String {
        let (table, time, message, members) =
            switch resource {
            case .workspace: ("AppTraces", "TimeGenerated", "Message", "Properties")
            case .application: ("traces", "timestamp", "message", "customDimensions")
            }
        return """
            \(table) | where \(time) >= \(start) | where \(message) == '\(FoundReports.message)' \
            | project \(time), \(members) | order by \(time) asc | take \(page)
            """
    }
}
