extension JSON {
    /// The number of levels that values may be nested.
    ///
    /// Reading is recursive, and a deeper document could exhaust the stack.
    public static let maximumDepth = 32

    /// Reads one value that takes up all of `bytes`.
    ///
    /// Reading is strict: unpaired surrogates, control characters in strings and bytes that are not UTF-8 are errors.
    ///
    /// - Parameter bytes: The document, in UTF-8.
    /// - Throws: `JSONError` with the position of the first problem.
    public init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
        var reader = JSONReader(bytes: Array(bytes))
        self = try reader.readDocument()
    }

    /// Reads one object that takes up all of `bytes`, and keeps its values also as they are written.
    ///
    /// A copy of `source` loses nothing, such as the last digits of a number that no double can hold.
    ///
    /// - Parameter bytes: The document, in UTF-8.
    /// - Returns: The members in their order.
    /// - Throws: `JSONError` with the position of the first problem, also if the value is not an object.
    public static func members(parsing bytes: [UInt8]) throws(JSONError) -> [SourceMember] {
        var reader = JSONReader(bytes: bytes)
        return try reader.readMembers()
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func readDocument() throws(JSONError) -> JSON {
        let value = try readValue(depth: 0)
        try readEnd()
        return value
    }

    mutating func readMembers() throws(JSONError) -> [JSON.SourceMember] {
        skipSpace()
        guard peek == UInt8(ascii: "{") else { throw error("expected '{'") }
        let members = try readObject(depth: 0)
        try readEnd()
        return members.map { key, value, range in
            // Line breaks occur only between tokens, because a string cannot contain control characters.
            let source = bytes[range].map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
            return .init(key: key, value: value, source: source)
        }
    }

    private mutating func readEnd() throws(JSONError) {
        skipSpace()
        guard position == bytes.count else { throw error("expected the end of the document") }
    }

    private mutating func readValue(depth: Int) throws(JSONError) -> JSON {
        guard depth < JSON.maximumDepth else {
            throw error("the value is nested deeper than \(JSON.maximumDepth) levels")
        }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try readObject(depth: depth).map { .init(key: $0.key, value: $0.value) })
        case UInt8(ascii: "["): return try readArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte): return .number(try readNumber())
        default: throw error("expected a value")
        }
    }

    private typealias Member = (key: String, value: JSON, range: Range<Int>)

    private mutating func readObject(depth: Int) throws(JSONError) -> [Member] {
        position += 1
        var members: [Member] = []
        skipSpace()
        if take("}") { return members }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw error("expected a key in quotes") }
            let key = try readString()
            skipSpace()
            guard take(":") else { throw error("expected ':'") }
            skipSpace()
            let start = position
            let value = try readValue(depth: depth + 1)
            members.append((key, value, start..<position))
            skipSpace()
            if take("}") { return members }
            guard take(",") else { throw error("expected ',' or '}'") }
        }
    }

    private mutating func readArray(depth: Int) throws(JSONError) -> JSON {
        position += 1
        var values: [JSON] = []
        skipSpace()
        if take("]") { return .array(values) }
        while true {
            values.append(try readValue(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(values) }
            guard take(",") else { throw error("expected ',' or ']'") }
        }
    }

    private mutating func readWord(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        guard word.withUTF8Buffer({ bytes[position...].starts(with: $0) }) else { throw error("expected a value") }
        position += word.utf8CodeUnitCount
        return value
    }

    private mutating func readNumber() throws(JSONError) -> Double {
        let start = position
        _ = take("-")
        if !take("0") { try skipDigits() }
        if take(".") { try skipDigits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try skipDigits()
        }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            position = start
            throw error("expected a number within the range of a double")
        }
        return value
    }

    private mutating func skipDigits() throws(JSONError) {
        guard let digit = peek, (0x30...0x39).contains(digit) else { throw error("expected a digit") }
        while let digit = peek, (0x30...0x39).contains(digit) { position += 1 }
    }

    private mutating func readString() throws(JSONError) -> String {
        position += 1
        let start = position
        var content: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    position = start
                    throw error("the string is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): try readEscape(into: &content)
            case ..<0x20:
                position -= 1
                throw error("a string contains a control character")
            default: content.append(byte)
            }
        }
        throw error("a string is not closed")
    }

    private mutating func readEscape(into content: inout [UInt8]) throws(JSONError) {
        guard let byte = peek else { throw error("a string is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            let start = position - 2
            var value = UInt32(try readHexadecimal())
            if (0xD800..<0xDC00).contains(value), take("\\"), take("u") {
                let low = UInt32(try readHexadecimal())
                if (0xDC00..<0xE000).contains(low) { value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00) }
            }
            guard let scalar = Unicode.Scalar(value) else {
                position = start
                throw error("a surrogate is unpaired")
            }
            content += UTF8.encode(scalar).map { Array($0) } ?? []
        default:
            position -= 1
            throw error("the escape sequence is unknown")
        }
    }

    private mutating func readHexadecimal() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("expected four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func error(_ reason: String) -> JSONError { JSONError(offset: position, reason: reason) }
}
