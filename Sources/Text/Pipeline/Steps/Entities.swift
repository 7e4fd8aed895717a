/// Decodes the character references of HTML, such as `&amp;` and `&#39;`, as `html.unescape` of Python does.
///
/// - Source: HTML Standard, section 13.2.5.72, Character reference state.
struct Entities: TextStep, Substitution {
    static let name = "entities"
    static let options: [StepOption] = []

    init(_ options: StepOptions) {}

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        for index in start..<text.count where text[index] == 0x26 && index + 1 < text.count {
            let end =
                text[index + 1] == 0x23
                ? decodeNumber(in: text, from: index + 2, &replacement)
                : decodeName(in: text, from: index + 1, &replacement)
            if let end { return index..<end }
        }
        return nil
    }

    /// Appends the character with the number at `start`, and returns the end of the reference, or nil.
    private func decodeNumber(in text: UTF8Bytes, from start: Int, _ output: inout [UInt8]) -> Int? {
        let isHexadecimal = start < text.count && text[start] | 0x20 == 0x78
        let base: UInt32 = isHexadecimal ? 16 : 10
        let first = isHexadecimal ? start + 1 : start
        var index = first
        var number: UInt32 = 0
        while index < text.count, let digit = text[index].digit(base: base) {
            number = min(number * base + digit, 0x11_0000)
            index += 1
        }
        guard index > first else { return nil }
        append(number, to: &output)
        return index < text.count && text[index] == 0x3B ? index + 1 : index
    }

    /// Appends the character that browsers show for a number.
    private func append(_ number: UInt32, to output: inout [UInt8]) {
        switch number {
        case 0x80...0x9F: output.append(codePoint: Self.windows1252[Int(number - 0x80)])
        case 0x0D: output.append(0x0D)
        case 0, 0xD800...0xDFFF, 0x11_0000...: output.append(codePoint: 0xFFFD)
        case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0xFDD0...0xFDEF: break
        default: if number & 0xFFFE != 0xFFFE { output.append(codePoint: number) }
        }
    }

    /// Appends what stands for the longest name at `start`, and returns the end of the reference, or nil.
    private func decodeName(in text: UTF8Bytes, from start: Int, _ output: inout [UInt8]) -> Int? {
        var end = start
        while end < text.count && end - start < Self.longestName && text[end].isInEntityName { end += 1 }
        if end < text.count && end > start && text[end] == 0x3B { end += 1 }
        while end - start >= 2 {
            if let codePoints = HTMLEntityTable.table.value(of: text[start..<end]) {
                for codePoint in codePoints.split(separator: 0x20) {
                    output.append(
                        codePoint: codePoint.reduce(0) { $0 << 4 | ($1.digit(base: 16) ?? 0) })
                }
                return end
            }
            end -= 1
        }
        return nil
    }

    /// The number of bytes of the longest name, without its semicolon.
    private static let longestName = 31

    /// What the numbers 0x80 to 0x9F, which are control characters, stand for in web pages.
    private static let windows1252: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D,
        0x8F,
        0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E,
        0x178,
    ]
}

extension UInt8 {
    /// The value of this digit of ASCII, or nil if it is not a digit to `base`.
    fileprivate func digit(base: UInt32) -> UInt32? {
        let value = isDigit ? UInt32(self - 0x30) : isLetter ? UInt32((self | 0x20) - 0x61) + 10 : base
        return value < base ? value : nil
    }

    /// Whether the name of an entity can contain this byte.
    fileprivate var isInEntityName: Bool { isLetter || isDigit }
}
