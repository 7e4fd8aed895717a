import Glibc

/// How much a line of the log matters, in the words of Google Cloud.
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

/// The log: one JSON object a line.
///
/// - Source: Google Cloud, structured logging: `severity`, `message`, `time` and the `logging.googleapis.com/` keys.
struct Log: Sendable {
    private let sink: @Sendable (String) -> Void

    init(_ sink: @escaping @Sendable (String) -> Void) {
        self.sink = sink
    }

    /// A log into a file, written by a thread of its own.
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
        sink(line.text + "\n")
    }
}

/// The trace a request belongs to.
struct Trace: Equatable, Sendable {
    /// 32 hexadecimal digits.
    let id: String
    /// 16 hexadecimal digits.
    let span: String?

    /// - Parameters:
    ///   - traceparent: W3C Trace Context, `version-trace-span-flags`.
    ///   - cloud: `X-Cloud-Trace-Context`, `trace/span;o=options`, whose span is decimal.
    init?(traceparent: String?, cloud: String?) {
        func isHexadecimal(_ text: Substring, _ count: Int) -> Bool {
            text.utf8.count == count && text.allSatisfy(\.isHexDigit)
        }
        if let parts = traceparent?.split(separator: "-", omittingEmptySubsequences: false), parts.count >= 4,
            isHexadecimal(parts[1], 32), isHexadecimal(parts[2], 16)
        {
            id = String(parts[1])
            span = String(parts[2])
        } else if let parts = cloud?.split(separator: "/", maxSplits: 1), let first = parts.first,
            isHexadecimal(first, 32)
        {
            id = String(first)
            let number = parts.count == 2 ? UInt64(parts[1].prefix { $0 != ";" }) : nil
            span = number.map {
                String(repeating: "0", count: 16 - String($0, radix: 16).count) + String($0, radix: 16)
            }
        } else {
            return nil
        }
    }
}

/// Now, as RFC 3339 in UTC with microseconds.
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
