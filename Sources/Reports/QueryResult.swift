import Feedback
import JSON

/// The result of a query in KQL, from Application Insights or a Log Analytics workspace.
///
/// It is the answer of the query interface (`tables` with `columns` and `rows`), the array of objects that the command line
/// of Azure prints, or the CSV file of the portal. A column such as `customDimensions` or `Properties` holds the members of
/// a report as JSON; the members may also be columns of their own.
///
/// - Source: Microsoft Learn, "Azure Monitor Log Analytics API response format".
public enum QueryResult {
    /// Reads the reports of a result.
    ///
    /// - Parameters:
    ///   - bytes: The result.
    ///   - path: The name of the file, for errors.
    /// - Returns: The reports, and the number of rows that are something else.
    /// - Throws: `ReportError` if it is not such a result, or holds only a part of it.
    public static func reports(_ bytes: [UInt8], path: String) throws(ReportError) -> FoundReports {
        var events = ReportEvents()
        let first = bytes.first { ![0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            let json: JSON
            do { json = try JSON(parsing: bytes.drop { [0xEF, 0xBB, 0xBF].contains($0) }) } catch {
                throw ReportError(path, "it is not JSON: \(error)", "Save the result of the query again.")
            }
            for (index, row) in try rows(json, path).enumerated() {
                events.add(fields(row), "\(path): row \(index + 1)", isSure: true)
            }
        } else {
            let table = try DelimitedTable(bytes, path: path)
            for row in table.rows {
                let cells = zip(table.header, row.fields).map { ($0, JSON.string($1)) }
                events.add(fields(Dictionary(cells) { $1 }), "\(path):\(row.line)", isSure: true)
            }
        }
        return events.found
    }

    /// The rows of an answer, each as its columns.
    private static func rows(_ json: JSON, _ path: String) throws(ReportError) -> [[String: JSON]] {
        if case .array(let objects) = json { return objects.map { ReportFields($0).values } }
        guard case .array(let tables)? = json["tables"] else {
            throw ReportError(
                path, "it is neither an answer with the member 'tables' nor an array of rows",
                "Save the result of a query as JSON or CSV.")
        }
        if let error = json["error"], error != .null {
            throw ReportError(
                path, "it is only a part of the result: \(ReportFields(error).text("message", "code") ?? "no reason")",
                "Query a shorter time, and save the result again.")
        }
        var rows: [[String: JSON]] = []
        for table in tables {
            guard case .array(let columns)? = table["columns"], case .array(let values)? = table["rows"] else {
                continue
            }
            let names = columns.map { ReportFields($0).text("name") ?? "" }
            for case .array(let cells) in values { rows.append(Dictionary(zip(names, cells)) { $1 }) }
        }
        return rows
    }

    /// The members of a report in a row.
    private static func fields(_ row: [String: JSON]) -> ReportFields {
        var values: [String: JSON] = [:]
        for (name, value) in row {
            let name = name.replacing(" [UTC]", with: "")
            let parts = name.split(separator: "_", maxSplits: 1)
            // KQL names a column after the path that it projects, such as customDimensions_text.
            let isPath = parts.count == 2 && holders.contains(String(parts[0]))
            values[isPath ? String(parts[1]) : name] = value
        }
        for holder in holders {
            switch row[holder] {
            case .string(let text)?:
                if let json = try? JSON(parsing: text.utf8) { values.merge(ReportFields(json).values) { $1 } }
            case .object?: values.merge(ReportFields(row[holder] ?? .null).values) { $1 }
            default: continue
            }
        }
        let fields = ReportFields(values)
        if fields.text("time") == nil, let time = fields.text("timestamp", "TimeGenerated") {
            values["time"] = .string(ReportTime.fromPortal(time) ?? time)
        }
        return ReportFields(values)
    }

    private static let holders = ["customDimensions", "Properties"]
}
