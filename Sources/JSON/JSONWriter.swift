/// Writes JSON piece by piece, and inserts the commas.
public struct JSONWriter {
    /// The UTF-8 of everything written so far.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Creates a writer that has written nothing.
    public init() {}

    /// Everything written so far.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Starts an object; members follow.
    public mutating func beginObject() { begin(UInt8(ascii: "{")) }

    /// Ends an object.
    public mutating func endObject() { end(UInt8(ascii: "}")) }

    /// Starts an array; values follow.
    public mutating func beginArray() { begin(UInt8(ascii: "[")) }

    /// Ends an array.
    public mutating func endArray() { end(UInt8(ascii: "]")) }

    /// Ends the line, so that the next value starts a new document (JSON Lines).
    public mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// Writes the key of a member; its value follows.
    ///
    /// - Parameter key: The key.
    public mutating func key(_ key: String) {
        separate()
        append(quoting: key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a value.
    ///
    /// - Parameter value: The value. JSON has no infinities, so numbers that are not finite become null.
    public mutating func value(_ value: JSON) {
        switch value {
        case .null: raw("null")
        case .bool(let value): raw(value ? "true" : "false")
        case .number(let value): number(value)
        case .string(let value): self.value(value)
        case .array(let values):
            beginArray()
            for value in values { self.value(value) }
            endArray()
        case .object(let members):
            beginObject()
            for entry in members { member(entry.key, entry.value) }
            endObject()
        }
    }

    /// Writes a string.
    ///
    /// - Parameter value: The string, without quotes.
    public mutating func value(_ value: String) {
        separate()
        append(quoting: value)
        needsComma = true
    }

    /// Writes the shortest digits that read as the same float32.
    ///
    /// - Parameter value: The number. If it is not finite, null is written.
    public mutating func value(_ value: Float) { raw(value.isFinite ? value.description : "null") }

    /// Writes a member of an object.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - value: The value.
    public mutating func member(_ key: String, _ value: JSON) {
        self.key(key)
        self.value(value)
    }

    /// Writes a member whose value is a string.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - value: The string, without quotes.
    public mutating func member(_ key: String, _ value: String) {
        self.key(key)
        self.value(value)
    }

    /// Writes a member whose value is a float32.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - value: The number.
    public mutating func member(_ key: String, _ value: Float) {
        self.key(key)
        self.value(value)
    }

    /// Writes a member whose value is a copy of a value in another document.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - source: The value in UTF-8, as `JSON.members(parsing:)` returns it.
    public mutating func member(_ key: String, source: [UInt8]) {
        self.key(key)
        bytes += source
        needsComma = true
    }

    private mutating func number(_ value: Double) {
        guard value.isFinite else { return raw("null") }
        if value == value.rounded(), abs(value) < 1e15 { raw(String(Int(value))) } else { raw(value.description) }
    }

    private mutating func raw(_ token: String) {
        separate()
        bytes += token.utf8
        needsComma = true
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    /// Appends `string` in quotes, with escapes where RFC 8259, section 7, requires them, and for the control characters
    /// from U+007F to U+009F, which could send commands to a terminal.
    private mutating func append(quoting string: String) {
        bytes.append(UInt8(ascii: "\""))
        var previous: UInt8 = 0
        for byte in string.utf8 {
            defer { previous = byte }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: bytes += #"\b"#.utf8
            case 0x09: bytes += #"\t"#.utf8
            case 0x0A: bytes += #"\n"#.utf8
            case 0x0C: bytes += #"\f"#.utf8
            case 0x0D: bytes += #"\r"#.utf8
            case 0..<0x20, 0x7F: append(escaping: byte)
            case 0x80..<0xA0 where previous == 0xC2:  // UTF-8 of U+0080 to U+009F
                bytes.removeLast()
                append(escaping: byte)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends the escape sequence of the character U+00XX.
    private mutating func append(escaping value: UInt8) {
        let digits = Array("0123456789abcdef".utf8)
        bytes += #"\u00"#.utf8
        bytes += [digits[Int(value >> 4)], digits[Int(value & 15)]]
    }
}
