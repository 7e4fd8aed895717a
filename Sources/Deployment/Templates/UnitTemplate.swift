/// Fills in the variables of a unit file of systemd.
///
/// In a command and between double quotation marks, quotation marks and backslashes are escaped. A percent sign is doubled,
/// because it would start a specifier, and a dollar sign too, because it would start a variable.
///
/// - Source: systemd.unit(5), "Specifiers"; systemd.service(5), "Command lines"; systemd.syntax(7).
struct UnitTemplate {
    /// Returns the value of a variable.
    let value: (_ name: String, _ standard: String?) -> String

    /// Returns the text with every variable replaced.
    func render(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let isCommand = line.hasPrefix("Exec")
            return TemplatePiece.split(Array(line.unicodeScalars)[...]).reduce(into: "") { result, piece in
                switch piece {
                case .text(let text): result += text
                case .variable(let name, let standard):
                    let value = value(name, standard)
                    result +=
                        line.hasPrefix("#") ? YAMLScalar.escaped(value) : Self.escaped(value, isCommand: isCommand)
                }
            }
        }.joined(separator: "\n")
    }

    private static func escaped(_ text: String, isCommand: Bool) -> String {
        // A line break would start another setting.
        YAMLScalar.escaped(text).unicodeScalars.reduce(into: "") { result, scalar in
            result.unicodeScalars.append(scalar)
            if scalar == "%" || scalar == "$" && isCommand { result.unicodeScalars.append(scalar) }
        }
    }
}
