/// Text as UTF-8 in memory.
///
/// Nothing here trusts the bytes: where they are not UTF-8, each of them counts as U+FFFD.
typealias UTF8Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer<UInt8> {
    /// Returns the code point at `index` and the number of its bytes.
    @inline(__always)
    func codePoint(at index: Int) -> (value: UInt32, length: Int) {
        let first = self[index]
        return first < 0x80 ? (UInt32(first), 1) : codePointBeyondASCII(at: index)
    }

    private func codePointBeyondASCII(at index: Int) -> (value: UInt32, length: Int) {
        let first = self[index]
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, length <= count - index else { return (0xFFFD, 1) }
        var value = UInt32(first) & 0x7F >> UInt32(length)
        for byte in self[index + 1..<index + length] {
            guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        return (value, length)
    }

    /// Returns the code point that ends before `index` and the number of its bytes, or nil at the start.
    func codePoint(before index: Int) -> (value: UInt32, length: Int)? {
        guard index > 0 else { return nil }
        for length in 1...Swift.min(4, index) where self[index - length] & 0xC0 != 0x80 {
            let found = codePoint(at: index - length)
            return found.length == length ? found : (0xFFFD, 1)
        }
        return (0xFFFD, 1)
    }

    /// Returns the number of bytes of the word character at `index`, or 0 if there is none.
    @inline(__always)
    func wordCharacter(at index: Int) -> Int {
        guard index < count else { return 0 }
        let (value, length) = codePoint(at: index)
        return value.isWordCharacter ? length : 0
    }

    /// Returns the end of the word characters that begin at `index`.
    func endOfWordCharacters(from index: Int) -> Int {
        var index = index
        while case let length = wordCharacter(at: index), length > 0 { index += length }
        return index
    }

    /// Whether a word character ends before `index`.
    func isWordCharacter(before index: Int) -> Bool { codePoint(before: index)?.value.isWordCharacter ?? false }

    /// Whether `index` is the end, or white space begins there.
    func isSpaceOrEnd(at index: Int) -> Bool { index >= count || codePoint(at: index).value.isSpace }

    /// Whether `index` is the start, or white space ends before it.
    func isSpaceOrStart(before index: Int) -> Bool { codePoint(before: index)?.value.isSpace ?? true }

    /// Returns the end of the white space that begins at `index`.
    func endOfSpaces(from index: Int) -> Int {
        var index = index
        while index < count, case (let value, let length) = codePoint(at: index), value.isSpace { index += length }
        return index
    }

    /// Returns the first index from `index` on at which white space begins, or the end.
    func nextSpace(from index: Int) -> Int {
        var index = index
        while index < count, case (let value, let length) = codePoint(at: index), !value.isSpace { index += length }
        return index
    }

    /// Whether the bytes at `index` are `text`, which is in lower case, when capitals of ASCII count as lower case.
    func hasPrefix(_ text: StaticString, at index: Int) -> Bool {
        guard text.utf8CodeUnitCount <= count - index else { return false }
        for offset in 0..<text.utf8CodeUnitCount where self[index + offset].lowercased != text.utf8Start[offset] {
            return false
        }
        return true
    }
}

/// The code points of a text in UTF-8.
struct CodePoints: Sequence, IteratorProtocol {
    private let text: UTF8Bytes
    private var index = 0

    init(_ text: UTF8Bytes) { self.text = text }

    mutating func next() -> Unicode.Scalar? {
        guard index < text.count else { return nil }
        let (value, length) = text.codePoint(at: index)
        index += length
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}

extension UInt8 {
    /// This byte, or the small letter if it is a capital letter of ASCII.
    @inline(__always)
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// Whether this byte is a letter of ASCII.
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

    /// Whether this byte is a capital letter of ASCII.
    var isCapital: Bool { self &- 0x41 < 26 }

    /// Whether this byte is a digit of ASCII.
    var isDigit: Bool { self &- 0x30 < 10 }
}

extension [UInt8] {
    /// Appends the UTF-8 encoding of a code point.
    mutating func append(codePoint value: UInt32) {
        guard value >= 0x80 else { return append(UInt8(truncatingIfNeeded: value)) }
        for byte in UTF8.encode(Unicode.Scalar(value) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter {
            append(byte)
        }
    }
}
