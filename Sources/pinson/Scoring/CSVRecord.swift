/// A record of comma-separated values (CSV) with these fields, in UTF-8, and the line feed that ends it.
func csvRecord(_ fields: [String]) -> [UInt8] {
    var record: [UInt8] = []
    appendCSVRecord(fields, to: &record)
    return record
}

/// Appends a record of comma-separated values (CSV) with these fields, in UTF-8, and the line feed that ends it.
///
/// Quotes are put where RFC 4180, section 2, requires them. Bytes are compared instead of characters, because a quote
/// that combines with its neighbours is still a quote for those who read the file.
func appendCSVRecord(_ fields: [String], to record: inout [UInt8]) {
    for (index, field) in fields.enumerated() {
        if index > 0 { record.append(UInt8(ascii: ",")) }
        var field = field
        field.withUTF8 { append($0, to: &record) }
    }
    record.append(UInt8(ascii: "\n"))
}

private func append(_ field: UnsafeBufferPointer<UInt8>, to record: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    let needsQuotes = field.contains {
        $0 == quote || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
    }
    guard needsQuotes else { return record.append(contentsOf: field) }
    record.append(quote)
    for byte in field {
        if byte == quote { record.append(byte) }
        record.append(byte)
    }
    record.append(quote)
}
