/// Reads comma-separated values (CSV) one record at a time.
///
/// A line feed alone also ends a record, and a quote inside an unquoted field is an ordinary character. A field that is
/// not valid UTF-8 is decoded as Latin-1.
///
/// - Source: RFC 4180.
struct CSVReader {
    /// The name of the data in error messages.
    let path: String

    /// Skips empty lines and returns the fields of the next record, or nil at the end of `bytes`.
    func next(_ bytes: inout ByteReader) throws -> [String]? {
        try bytes.skipEmptyLines()
        guard try bytes.peek() != nil else { return nil }
        var fields: [String] = []
        var field: [UInt8] = []
        let firstLine = bytes.line
        while true {
            let byte = try bytes.next()
            switch byte {
            case UInt8(ascii: "\"") where field.isEmpty:
                // After the closing quote comes a comma, the end of the line, or more text of the same field.
                field = try quotedField(&bytes, firstLine: firstLine)
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

    /// Returns the bytes up to the closing quote; two quotes in a row stand for one.
    private func quotedField(_ bytes: inout ByteReader, firstLine: Int) throws -> [UInt8] {
        var field: [UInt8] = []
        while let byte = try bytes.next() {
            if byte == UInt8(ascii: "\"") {
                guard try bytes.peek() == byte else { return field }
                _ = try bytes.next()
            }
            field.append(byte)
        }
        throw DataError.malformed(
            path: path, line: firstLine, reason: "a quoted field of this record has no closing quote")
    }

    private func text(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
