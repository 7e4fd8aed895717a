/// Splits records of comma-separated values (CSV) into fields.
///
/// - Source: RFC 4180.
enum CSVRecord {
    /// The fields of one record.
    ///
    /// A field that is not valid UTF-8 is decoded as Latin-1.
    ///
    /// - Parameter bytes: a record as `RowReader` returns it, in which every quote is closed.
    /// - Returns: the fields in their order, at least one.
    static func fields(_ bytes: [UInt8]) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\"") where field.isEmpty:
                // After the closing quote comes a comma, the end of the record, or more text of the same field.
                index = appendQuoted(bytes, from: index + 1, to: &field)
                continue
            case UInt8(ascii: ","):
                fields.append(latin1OrUTF8(field))
                field.removeAll(keepingCapacity: true)
            case let byte:
                field.append(byte)
            }
            index += 1
        }
        return fields + [latin1OrUTF8(field)]
    }

    /// Appends the bytes up to the closing quote, and returns the index after it; two quotes in a row stand for one.
    private static func appendQuoted(_ bytes: [UInt8], from start: Int, to field: inout [UInt8]) -> Int {
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\"") {
                index += 1
                guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return index }
            }
            field.append(bytes[index])
            index += 1
        }
        return index
    }
}

/// Whether bytes are valid UTF-8.
func isUTF8(_ bytes: [UInt8]) -> Bool {
    bytes.reduce(0, |) < 0x80 || String(validating: bytes, as: UTF8.self) != nil
}

/// The text in `bytes`: UTF-8 if it is valid, and Latin-1 otherwise.
func latin1OrUTF8(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
}
