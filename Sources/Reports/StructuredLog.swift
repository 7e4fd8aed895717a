import Feedback
import JSON

/// Reports in structured logs: those of a function that has no volume writes each report to its log.
///
/// A line is what the function has written, or what a platform has made of it: an entry of Google Cloud Logging with
/// `jsonPayload`, an object whose member `log`, `Log`, `Log_s`, `message` or `textPayload` holds the line as a text, or the
/// line after a time or a name. A file of Google may also be one array of entries.
public enum StructuredLog {
    /// Reads the reports of a log.
    ///
    /// - Parameters:
    ///   - bytes: The log.
    ///   - path: The name of the file, for problems.
    /// - Returns: The reports, and the number of lines that are something else.
    public static func reports(_ bytes: [UInt8], path: String) -> FoundReports {
        var events = ReportEvents()
        if bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "["),
            let json = try? JSON(parsing: bytes), case .array(let entries) = json
        {
            for (index, entry) in entries.enumerated() {
                events.add(fields(entry), "\(path): entry \(index + 1)", isSure: false)
            }
            return events.found
        }
        for (number, line) in InputFile.lines(bytes) {
            let json = line.firstIndex(of: UInt8(ascii: "{")).flatMap { try? JSON(parsing: line[$0...]) }
            events.add(json.map { fields($0) } ?? ReportFields([:]), "\(path):\(number)", isSure: false)
        }
        return events.found
    }

    /// The members of an entry, whatever a platform has wrapped around it.
    private static func fields(_ entry: JSON, depth: Int = 0) -> ReportFields {
        var outer = ReportFields(entry)
        var inner: JSON?
        if case .object? = entry["jsonPayload"] { inner = entry["jsonPayload"] }
        for name in ["log", "Log", "Log_s", "message", "textPayload"] where inner == nil {
            guard case .string(let text)? = entry[name], let start = text.utf8.firstIndex(of: UInt8(ascii: "{")) else {
                continue
            }
            inner = try? JSON(parsing: text.utf8[start...])
        }
        guard let inner, depth < 3 else { return outer }
        let content = fields(inner, depth: depth + 1)
        // The name of the entry is not that of the report.
        outer.values["id"] = nil
        outer.values.merge(content.values) { $1 }
        return outer
    }
}
