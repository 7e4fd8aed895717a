/// A record of comma-separated values (CSV) with these fields, in UTF-8, and the line feed that ends it.
///
/// Quotes are put where RFC 4180, section 2, requires them. Bytes are compared instead of characters, because a quote
/// that combines with its neighbours is still a quote for those who read the file.
func csvRecord(_ fields: [String]) -> [UInt8] {
    var record: [UInt8] = []
    for (index, field) in fields.enumerated() {
        if index > 0 { record.append(UInt8(ascii: ",")) }
        guard field.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else {
            record += field.utf8
            continue
        }
        record.append(UInt8(ascii: "\""))
        for byte in field.utf8 {
            if byte == UInt8(ascii: "\"") { record.append(byte) }
            record.append(byte)
        }
        record.append(UInt8(ascii: "\""))
    }
    return record + [UInt8(ascii: "\n")]
}
