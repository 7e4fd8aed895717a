import ContainerImage
import Feedback
import Foundation
import Reports
import Tracking

/// A place from which `feedback export` reads reports.
enum ReportSource {
    /// What a file holds, if it is not what `feedback export` has written.
    enum Kind: String, CaseIterable {
        /// The result of a query in KQL.
        case applicationInsights = "application-insights"
        /// Structured logs.
        case logs
    }

    /// A folder, or a file that `feedback export` has written.
    case reports(String)
    /// The folder of a store of objects.
    case bucket(String)
    /// A file of another kind.
    case file(String, Kind)
    /// A workspace or a resource of Application Insights, and the number of days to go back.
    case query(LogAnalytics.Resource, days: Int)

    /// The source that an argument names.
    init(_ argument: String, _ kind: Kind?) {
        if let kind {
            self = .file(argument, kind)
        } else if argument.contains("://"), !argument.hasPrefix("file:") {
            self = .bucket(argument)
        } else {
            self = .reports(argument)
        }
    }

    /// Reads the reports, and says on stderr what is left out.
    ///
    /// - Returns: The reports, and the number of those that were erased.
    /// - Throws: `ReportError`, `FileError` or `TrackingError` if the source cannot be read.
    func read() async throws -> (records: [FeedbackRecord], erased: Int) {
        switch self {
        case .reports(let path):
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                return told(try FeedbackArchive(reading: FolderVolume(path: path)))
            }
            return (try ExportedReports(reading: path).records, 0)
        case .bucket(let address):
            return told(try await ReportBucket(address, ProcessInfo.processInfo.environment).archive())
        case .file(let path, .applicationInsights):
            return (told(try QueryResult.reports(InputFile.bytes(path), path: path), path), 0)
        case .file(let path, .logs):
            return (told(StructuredLog.reports(try InputFile.bytes(path), path: path), path), 0)
        case .query(let resource, let days):
            let service = try LogAnalytics(resource, ProcessInfo.processInfo.environment)
            return (told(try await ReportQuery(service).reports(days: days), "the query"), 0)
        }
    }

    private func told(_ archive: FeedbackArchive) -> ([FeedbackRecord], Int) {
        for problem in ExportedReports(archive).problems { say(problem) }
        return (archive.records, archive.erased)
    }

    private func told(_ found: FoundReports, _ name: String) -> [FeedbackRecord] {
        for problem in found.problems { say(problem) }
        if found.others > 0 {
            say("\(name): \(found.others) \(found.others == 1 ? "entry is no report" : "entries are no reports")")
        }
        return found.records
    }
}
