/// Writes a table of comma-separated values (CSV), in UTF-8 with line feeds.
///
/// - Source: RFC 4180.
public struct DelimitedWriter: Sendable {
    /// Everything written so far.
    public private(set) var bytes: [UInt8] = []

    /// Creates a writer that has written nothing.
    public init() {}

    /// Writes a record.
    ///
    /// Quotes are put where they are required. Bytes are compared instead of characters, because a quote that combines
    /// with its neighbours is still a quote for those who read the file.
    ///
    /// - Parameter fields: The fields of the record.
    public mutating func append(_ fields: [String]) {
        let special = Set("\",\r\n".utf8)
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            guard field.utf8.contains(where: special.contains) else {
                bytes += field.utf8
                continue
            }
            bytes.append(UInt8(ascii: "\""))
            for byte in field.utf8 {
                if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "\n"))
    }
}
