/// Reads one record of comma-separated values at a time.
///
/// - Source: RFC 4180; a lone line feed ends a record too, and a quote within an unquoted field is itself.
struct CSVReader {
    let path: String

    /// The fields of the next record, behind lines without a byte, or nil at the end of `bytes`.
    mutating func next(_ bytes: inout ByteReader) throws -> [String]? {
        try bytes.skipEmptyLines()
        guard try bytes.peek() != nil else { return nil }
        var fields: [String] = []
        var field: [UInt8] = []
        let firstLine = bytes.line
        while true {
            let byte = try bytes.next()
            switch byte {
            case UInt8(ascii: "\"") where field.isEmpty:
                field = try quoted(&bytes, firstLine: firstLine)
            // What follows the closing quote is a comma, the end of the line, or text that belongs to the field.
            case UInt8(ascii: ","):
                fields.append(text(field))
                field = []
            case nil, UInt8(ascii: "\n"):
                if byte != nil, field.last == UInt8(ascii: "\r") { field.removeLast() }
                fields.append(text(field))
                return fields
            case let byte?:
                field.append(byte)
            }
        }
    }

    /// The bytes up to the closing quote; two quotes are one.
    private func quoted(_ bytes: inout ByteReader, firstLine: Int) throws -> [UInt8] {
        var field: [UInt8] = []
        while let byte = try bytes.next() {
            if byte == UInt8(ascii: "\"") {
                guard try bytes.peek() == byte else { return field }
                _ = try bytes.next()
            }
            field.append(byte)
        }
        throw DataError.malformed(path: path, line: firstLine, reason: "a quoted field of this record is never closed")
    }

    private func text(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
