/// The encodings in which programs save a text.
enum TextEncoding {
    /// The text in `bytes`, without a byte order mark.
    ///
    /// A text without a mark that is not valid UTF-8 is Windows-1252, as spreadsheet programs write it.
    static func decode(_ bytes: [UInt8]) -> String {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return decode(Array(bytes[3...])) }
        if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes, high: 1) }
        if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes, high: 0) }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(bytes.map { windows1252[Int($0)] }))
    }

    private static func utf16(_ bytes: [UInt8], high: Int) -> String {
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map {
            UInt16(bytes[$0 + high]) << 8 | UInt16(bytes[$0 + 1 - high])
        }
        return String(decoding: units, as: UTF16.self)
    }

    /// The characters of Windows-1252, where the bytes without a character stand for themselves.
    ///
    /// - Source: WHATWG Encoding, "index windows-1252".
    private static let windows1252: [Unicode.Scalar] = {
        let special = Array("€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)
        return (0..<256).map { byte in
            (0x80..<0xA0).contains(byte) ? special[byte - 0x80] : Unicode.Scalar(UInt8(byte))
        }
    }()
}
