import JSON
import Telemetry

/// The log: one JSON object on each line.
///
/// - Source: Google Cloud, structured logging: `severity`, `message`, `time` and the `logging.googleapis.com/` keys.
struct Log: Sendable {
    private let sink: @Sendable (String) -> Void

    /// A log that passes its lines to `sink`.
    init(_ sink: @escaping @Sendable (String) -> Void) {
        self.sink = sink
    }

    /// A log that a separate thread writes to a file.
    init(_ file: LogFile) {
        self.init { file.append($0) }
    }

    func write(
        _ severity: Severity, _ message: String, _ fields: [String: JSON], trace: Trace? = nil, project: String? = nil
    ) {
        var line = JSONWriter()
        line.beginObject()
        line.member("severity", severity.rawValue)
        line.member("message", message)
        line.member("time", Timestamp.now.description)
        if let trace {
            line.member("logging.googleapis.com/trace", project.map { "projects/\($0)/traces/\(trace.id)" } ?? trace.id)
            if let span = trace.span { line.member("logging.googleapis.com/spanId", span) }
            if let isSampled = trace.isSampled {
                line.member("logging.googleapis.com/trace_sampled", .bool(isSampled))
            }
        }
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) { line.member(key, value) }
        line.endObject()
        line.endLine()
        sink(line.text)
    }
}
