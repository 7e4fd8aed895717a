/// One value in a YAML file, written so that every parser reads the same text back.
///
/// - Source: YAML 1.2.2, sections 5.7 and 7.3, and the types of YAML 1.1, which many parsers still use.
enum YAMLScalar {
    /// The words that are not text without quotation marks, in lower case.
    private static let words: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

    /// Returns `text` without quotation marks if it is certainly text, and with them otherwise.
    static func text(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

    /// Returns `text` in double quotation marks.
    static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// Returns `text` as it stands between double quotation marks.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += ["\\", scalar]
            case "\n": result += "\\n".unicodeScalars
            case "\t": result += "\\t".unicodeScalars
            case _ where isPrintable(scalar): result.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let (letter, width) = scalar.value > 0xFFFF ? ("U", 8) : ("u", 4)
                result += "\\\(letter)\(String(repeating: "0", count: width - digits.count))\(digits)".unicodeScalars
            }
        }
        return String(result)
    }

    /// Whether a scalar may be in a file as it is.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...: true
        default: false  // control characters, line separators, byte order marks, and what is not a character
        }
    }

    /// Whether every parser reads `text` without quotation marks as this text.
    ///
    /// This is true for a name, a path or a reference that starts with a letter or a slash, and for a number of bytes
    /// such as `512Mi`.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, last != UInt8(ascii: ":") else { return false }
        if isDigit(first) {
            let unit = bytes.drop(while: isDigit)
            return ["Ki", "Mi", "Gi"].contains { unit.elementsEqual($0.utf8) }
        }
        guard isLetter(first) || first == UInt8(ascii: "/"), !words.contains(text.lowercased()) else { return false }
        return bytes.allSatisfy { isLetter($0) || isDigit($0) || "/._@:=+-".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
