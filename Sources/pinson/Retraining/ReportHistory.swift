import Foundation
import Tracking
import Training

/// The reports that earlier retrainings of a model have considered, and whether they were refused.
///
/// Each retraining stores the whole history with its run, so the latest one is enough.
struct ReportHistory {
    /// The tag of the run of a retraining, with the name of the registered model.
    static let modelTag = "pinson.retrain"
    /// The name of the file among the artifacts of a run.
    static let artifact = "retrain/history.csv"
    /// The name of the file with the history of the retrainings before this one.
    static let earlier = "earlier.csv"
    /// The name of the file with what became of the reports of a retraining.
    static let selection = "selection.csv"
    /// The largest history, in bytes: about two million reports.
    private static let limit = 256 << 20

    /// What an earlier retraining has said about a report.
    enum Verdict: String {
        /// A champion was made with it.
        case accepted
        /// A model that was made with it was refused.
        case refused
    }

    /// The verdict about each report, by its identifier.
    var verdicts: [String: Verdict] = [:]

    /// Finds the history on a server: that of the latest retraining of a model that is over.
    ///
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    static func latest(of name: String, experiment: String, on server: MLflowServer) async throws -> ReportHistory {
        let experiment = try await server.experiment(named: experiment)
        for run in try await server.runs(in: experiment, tag: modelTag, name).reversed() {
            guard let data = try await server.file(artifact, of: run, limit: limit) else { continue }
            return ReportHistory(text: String(decoding: data, as: UTF8.self))
        }
        return ReportHistory()
    }

    /// A history without reports.
    init() {}

    /// Reads the content of a file that ``text`` was written to.
    init(text: String) {
        for (id, verdict) in Self.pairs(text) { verdicts[id] = Verdict(rawValue: verdict) }
    }

    /// The history as a CSV file.
    var text: String { Self.text(verdicts.mapValues(\.rawValue), columns: ["id", "verdict"]) }

    /// Adds the verdict about the reports of a retraining.
    ///
    /// A report that was accepted before is not to blame for a model that is refused, and a report that was left out because
    /// it was refused before stays refused.
    ///
    /// - Parameters:
    ///   - selection: What became of the reports, as a CSV file.
    ///   - isAccepted: Whether the model is the champion.
    mutating func add(selection: String, isAccepted: Bool) {
        for (id, outcome) in Self.pairs(selection) where outcome != ReportSelection.Outcome.refused.rawValue {
            if isAccepted {
                verdicts[id] = .accepted
            } else if verdicts[id] == nil {
                verdicts[id] = .refused
            }
        }
    }

    /// What became of reports as a CSV file, by their identifiers.
    static func text(_ values: [String: String], columns: [String]) -> String {
        var bytes = csvRecord(columns)
        for (id, value) in values.sorted(by: { $0.key < $1.key }) { appendCSVRecord([id, value], to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The identifiers and the values in such a file.
    private static func pairs(_ text: String) -> [(id: String, value: String)] {
        text.split(separator: "\n").dropFirst().compactMap { line -> (id: String, value: String)? in
            guard let comma = line.lastIndex(of: ",") else { return nil }
            let field = line[..<comma]
            let isQuoted = field.count > 1 && field.hasPrefix("\"") && field.hasSuffix("\"")
            let id = isQuoted ? String(field.dropFirst().dropLast()).replacing("\"\"", with: "\"") : String(field)
            return (id, String(line[line.index(after: comma)...]))
        }
    }

    /// The identifiers of the reports that must not be used again.
    var refused: Set<String> { Set(verdicts.filter { $0.value == .refused }.keys) }
}
