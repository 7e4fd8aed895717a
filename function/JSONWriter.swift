/// Writes JSON piece by piece; the commas come by themselves.
struct JSONWriter {
    private(set) var text = ""
    private var needsComma = false

    mutating func beginObject() { begin("{") }
    mutating func endObject() { end("}") }
    mutating func beginArray() { begin("[") }
    mutating func endArray() { end("]") }

    mutating func key(_ key: String) {
        separate()
        append(quoting: key)
        text += ":"
        needsComma = false
    }

    mutating func value(_ value: JSON) {
        switch value {
        case .null: raw("null")
        case .bool(let value): raw(value ? "true" : "false")
        case .number(let value): number(value)
        case .string(let value):
            separate()
            append(quoting: value)
            needsComma = true
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

    mutating func member(_ key: String, _ value: JSON) {
        self.key(key)
        self.value(value)
    }

    mutating func member(_ key: String, _ value: String) { member(key, .string(value)) }

    /// A float32 in its own shortest digits.
    mutating func value(_ value: Float) { raw(value.isFinite ? "\(value)" : "null") }

    /// JSON has no infinities: what is not finite becomes null.
    private mutating func number(_ value: Double) {
        guard value.isFinite else { return raw("null") }
        if value == value.rounded(), abs(value) < 1e15 { raw(String(Int(value))) } else { raw("\(value)") }
    }

    private mutating func raw(_ token: String) {
        separate()
        text += token
        needsComma = true
    }

    private mutating func begin(_ bracket: String) {
        separate()
        text += bracket
        needsComma = false
    }

    private mutating func end(_ bracket: String) {
        text += bracket
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { text += "," }
    }

    private mutating func append(quoting string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
