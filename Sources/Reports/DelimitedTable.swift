/// A table of comma-separated values (CSV), also in the forms in which spreadsheet programs save it.
///
/// The separator is a comma, a semicolon or a tab: the one that divides the header into the most columns. The text is
/// UTF-8 or UTF-16 with a byte order mark, UTF-8 without one, or else Windows-1252. Lines end in any of the usual ways.
///
/// - Source: RFC 4180.
public struct DelimitedTable: Sendable {
    /// A record of the table.
    public struct Row: Sendable, Equatable {
        /// The line on which it starts, counted from 1.
        public let line: Int
        /// Its fields.
        public let fields: [String]
    }

    /// The names of the columns.
    public let header: [String]
    /// The records after the header, without those that are empty.
    public let rows: [Row]

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - path: The name of the file, for errors.
    /// - Throws: `ReportError` if there is no header, a quote is not closed, or a record has another number of fields.
    public init(_ bytes: [UInt8], path: String) throws(ReportError) {
        let text = Array(TextEncoding.decode(bytes).utf8)
        var best: [Row] = []
        for separator in ",;\t".utf8 {
            let first = try Self.rows(text, separator, limit: 1, path)
            if (first.first?.fields.count ?? 0) > (best.first?.fields.count ?? 0) {
                best = first
                if best.first?.fields.count ?? 0 > 1 { best = try Self.rows(text, separator, limit: .max, path) }
            }
        }
        guard let first = best.first else {
            throw ReportError(
                path, "it is empty, but reports are expected", "Check the file, or export the reports again.")
        }
        if best.count == 1 { best = try Self.rows(text, UInt8(ascii: ","), limit: .max, path) }
        header = first.fields.map { $0.trimmingSpaces }
        rows = best.dropFirst().filter { $0.fields.contains { !$0.isEmpty } }
        for row in rows where row.fields.count != header.count {
            throw ReportError(
                "\(path):\(row.line)",
                "the number of fields is \(row.fields.count), but the header has \(header.count)",
                "Check the quotes and the separators of this line.")
        }
    }

    /// The position of a column, whose name may be written in small or capital letters.
    ///
    /// - Parameter name: The name.
    /// - Returns: The position from 0, or nil if there is no such column.
    public func column(_ name: String) -> Int? { header.firstIndex { $0.lowercased() == name.lowercased() } }

    private static func rows(
        _ text: [UInt8], _ separator: UInt8, limit: Int, _ path: String
    ) throws(ReportError) -> [Row] {
        var scanner = Scanner(text: text, separator: separator)
        var rows: [Row] = []
        while rows.count < limit, let row = scanner.next() {
            guard !scanner.isOpen else {
                throw ReportError(
                    "\(path):\(row.line)", "a quoted field of this record has no closing quote", "Close the quote.")
            }
            rows.append(row)
        }
        return rows
    }

    /// Finds one record after the other.
    private struct Scanner {
        let text: [UInt8]
        let separator: UInt8
        var position = 0
        var line = 1
        /// Whether the text has ended inside a quoted field.
        var isOpen = false

        mutating func next() -> Row? {
            guard position < text.count else { return nil }
            let start = line
            var fields: [String] = []
            while true {
                fields.append(field())
                guard position < text.count, text[position] == separator else { break }
                position += 1
                // A separator at the very end is followed by an empty field.
                if position == text.count { fields.append("") }
            }
            endLine()
            return Row(line: start, fields: fields)
        }

        private mutating func field() -> String {
            var bytes: [UInt8] = []
            if position < text.count, text[position] == UInt8(ascii: "\"") { quoted(into: &bytes) }
            while position < text.count, text[position] != separator, text[position] != 0x0A, text[position] != 0x0D {
                bytes.append(text[position])
                position += 1
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        private mutating func quoted(into bytes: inout [UInt8]) {
            position += 1
            while position < text.count {
                let byte = text[position]
                position += 1
                if byte == UInt8(ascii: "\"") {
                    guard position < text.count, text[position] == byte else { return }
                    position += 1
                }
                if byte == 0x0A { line += 1 }
                bytes.append(byte)
            }
            isOpen = true
        }

        private mutating func endLine() {
            guard position < text.count else { return }
            let isPair = text[position] == 0x0D && position + 1 < text.count && text[position + 1] == 0x0A
            position += isPair ? 2 : 1
            line += 1
        }
    }
}

extension String {
    /// The text without spaces and tabs at its ends.
    var trimmingSpaces: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
