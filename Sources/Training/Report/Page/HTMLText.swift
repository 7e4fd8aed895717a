extension String {
    /// The text as it is written in HTML and SVG, between tags or inside a quoted attribute.
    ///
    /// The Unicode scalars are looked at one by one. A `Character` would not do: in "<" followed by a combining mark,
    /// the sign and the mark are one character, which does not equal "<", but a browser would open a tag. Characters
    /// that HTML does not allow, such as NUL, become U+FFFD.
    public var htmlEscaped: String {
        var escaped = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            case "\n" where previous == "\r": break  // both together are one line break
            case "\r": escaped.append("\n")
            case "\t", "\n": escaped.append(scalar)
            case _ where isForbidden(scalar): escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
            previous = scalar
        }
        return String(escaped)
    }

    /// The text, cut after a number of Unicode scalars, with an ellipsis if something was cut off.
    func shortened(to count: Int) -> String {
        guard unicodeScalars.count > count else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.prefix(max(count - 1, 0)))) + "…"
    }
}

/// Whether a scalar is a control character or a noncharacter.
///
/// - Source: HTML Living Standard, section 13.2.3.5, "Preprocessing the input stream".
private func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0xFDD0...0xFDEF).contains(scalar.value)
        || scalar.value & 0xFFFE == 0xFFFE
}
