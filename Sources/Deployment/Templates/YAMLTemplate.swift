/// Fills in the variables of a YAML template, and quotes each value where that is needed.
///
/// A variable may be a whole value or a part of one, in double quotation marks or without any. Without quotation marks, the
/// whole value is quoted if it would not be text otherwise, except if it consists of one variable that is a number.
/// Values of several lines are not supported in templates, but values of variables may have several lines.
struct YAMLTemplate {
    /// Returns the value of a variable.
    let value: (_ name: String, _ standard: String?) -> String

    private typealias Scalars = ArraySlice<Unicode.Scalar>

    /// Returns the text with every variable replaced.
    func render(_ text: String) -> String {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String(line(Array($0)[...])) }.joined(separator: "\n")
    }

    private func line(_ scalars: Scalars) -> String {
        var result = ""
        var rest = scalars
        var depth = 0  // of brackets and braces around the present place
        while let scalar = rest.first {
            switch scalar {
            case "\"", "'":
                let token = Self.quotedToken(rest)
                result += quoted(token)
                rest = rest.dropFirst(token.count)
            case "#":
                // A comment is text for people, but a line break in a value would end it.
                return result + pieces(rest, YAMLScalar.escaped)
            case "[", "{", "]", "}", ",", " ":
                depth += ["[", "{"].contains(scalar) ? 1 : ["]", "}"].contains(scalar) ? -1 : 0
                result.unicodeScalars.append(scalar)
                rest = rest.dropFirst()
            case "-" where rest.dropFirst().first == " ", ":":
                result.unicodeScalars.append(scalar)
                rest = rest.dropFirst()
            default:
                let token = Self.plainToken(rest, isInside: depth > 0)
                result += plain(token)
                rest = rest.dropFirst(token.count)
            }
        }
        return result
    }

    /// The scalars up to the quotation mark that ends a value.
    private static func quotedToken(_ scalars: Scalars) -> Scalars {
        var index = scalars.startIndex + 1
        while index < scalars.endIndex, scalars[index] != scalars.first {
            if let (_, length) = TemplatePiece.variable(at: scalars[index...]) {
                index += length
            } else {
                index += scalars[index] == "\\" && scalars.first == "\"" ? 2 : 1
            }
        }
        return scalars.prefix(min(index, scalars.endIndex - 1) - scalars.startIndex + 1)
    }

    /// The scalars of a value without quotation marks, up to a comment, the end of a key, or the end of the line.
    private static func plainToken(_ scalars: Scalars, isInside: Bool) -> Scalars {
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let (scalar, next) = (scalars[index], scalars[(index + 1)...].first)
            if let (_, length) = TemplatePiece.variable(at: scalars[index...]) {
                index += length
                continue
            }
            if scalar == ":" && (next == nil || next == " ") { break }
            if scalar == " " && (next == nil || next == "#") { break }
            if isInside && [",", "[", "]", "{", "}"].contains(scalar) { break }
            index += 1
        }
        return scalars[..<index]
    }

    private func quoted(_ token: Scalars) -> String {
        guard token.first == "'", TemplatePiece.split(token).count > 1 else { return pieces(token, YAMLScalar.escaped) }
        return YAMLScalar.quoted(pieces(token.dropFirst().dropLast()) { $0 })
    }

    private func plain(_ token: Scalars) -> String {
        let pieces = TemplatePiece.split(token)
        if case .variable(let name, let standard)? = pieces.first, pieces.count == 1,
            TemplateNumber(rawValue: name) != nil
        {
            return value(name, standard)
        }
        let text = self.pieces(token) { $0 }
        let hasVariable = pieces.contains { if case .variable = $0 { true } else { false } }
        return hasVariable ? YAMLScalar.text(text) : text
    }

    /// Joins the pieces of `scalars`, with each value changed by `form`.
    private func pieces(_ scalars: Scalars, _ form: (String) -> String) -> String {
        TemplatePiece.split(scalars).reduce(into: "") { result, piece in
            switch piece {
            case .text(let text): result += text
            case .variable(let name, let standard): result += form(value(name, standard))
            }
        }
    }
}
