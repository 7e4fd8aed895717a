import Foundation

/// The layout of all JSON that this module writes: indented, with sorted keys, so that two reports can be compared.
enum JSONText {
    /// Encodes a value.
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
