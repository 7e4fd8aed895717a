import Foundation

/// Fills in the variables of a template of Azure Resource Manager, which is a JSON file.
///
/// Every variable is in a string. A string that starts with a bracket is an expression of Azure, in which a text has single
/// quotation marks.
///
/// - Source: RFC 8259, section 7; Microsoft, "Syntax and expressions in ARM templates", "Escape characters".
struct JSONTemplate {
    /// Returns the value of a variable.
    let value: (_ name: String, _ standard: String?) -> String

    /// Returns the text with every variable replaced.
    func render(_ text: String) -> String {
        var result = ""
        var rest = Array(text.unicodeScalars)[...]
        while let quote = rest.firstIndex(of: "\"") {
            var end = quote + 1
            while end < rest.endIndex, rest[end] != "\"" { end += rest[end] == "\\" ? 2 : 1 }
            result += String(rest[..<quote])
            result += "\"\(string(rest[(quote + 1)..<min(end, rest.endIndex)]))\""
            rest = rest[min(end + 1, rest.endIndex)...]
        }
        return result + String(rest)
    }

    private func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        let pieces = TemplatePiece.split(scalars)
        let isExpression = scalars.first == "["
        let text = pieces.reduce(into: "") { result, piece in
            switch piece {
            case .text(let text): result += text
            case .variable(let name, let standard):
                result += Self.escaped(value(name, standard), inExpression: isExpression)
            }
        }
        guard case .variable? = pieces.first, text.unicodeScalars.first == "[", text.unicodeScalars.last == "]" else {
            return text
        }
        return "[\(text)"  // Azure takes two brackets for one, and does not look for an expression
    }

    private static func escaped(_ text: String, inExpression: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += ["\\", scalar]
            case "'" where inExpression: result += ["'", "'"]
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar == "\u{FEFF}":
                result += String(format: "\\u%04x", scalar.value).unicodeScalars
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
