import Glibc
import JSON

/// The importance of a log line, in Google Cloud's terms.
enum Severity: String, Sendable, CaseIterable, Comparable {
    case debug = "DEBUG"
    case info = "INFO"
    case notice = "NOTICE"
    case warning = "WARNING"
    case error = "ERROR"
    case critical = "CRITICAL"

    static func < (a: Severity, b: Severity) -> Bool {
        (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
    }
}

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
        line.member("time", timestamp())
        if let trace {
            line.member("logging.googleapis.com/trace", project.map { "projects/\($0)/traces/\(trace.id)" } ?? trace.id)
            if let span = trace.span { line.member("logging.googleapis.com/spanId", span) }
        }
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) { line.member(key, value) }
        line.endObject()
        line.endLine()
        sink(line.text)
    }
}

/// The current time in UTC with microseconds, as RFC 3339 defines it.
private func timestamp() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var parts = tm()
    gmtime_r(&now.tv_sec, &parts)
    func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let date =
        "\(padded(Int(parts.tm_year) + 1900, 4))-\(padded(Int(parts.tm_mon) + 1, 2))-\(padded(Int(parts.tm_mday), 2))"
    let time = "\(padded(Int(parts.tm_hour), 2)):\(padded(Int(parts.tm_min), 2)):\(padded(Int(parts.tm_sec), 2))"
    return "\(date)T\(time).\(padded(now.tv_nsec / 1000, 6))Z"
}
