/// Cells of tables that people open in spreadsheet programs.
enum SheetCell {
    /// The characters with which a cell becomes a formula, or ends too early.
    ///
    /// - Source: OWASP, "CSV Injection".
    private static let dangerous: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠",
    ]

    /// The text as a cell that is never a formula: an apostrophe precedes what would begin one.
    static func escaped(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.first else { return text }
        return dangerous.contains(first) || isEscaped(scalars) ? "'" + text : text
    }

    /// The text of a cell that ``escaped(_:)`` has made, or that a person has written.
    static func text(_ cell: String) -> String {
        isEscaped(cell.unicodeScalars) ? String(cell.unicodeScalars.dropFirst()) : cell
    }

    private static func isEscaped(_ scalars: String.UnicodeScalarView) -> Bool {
        guard scalars.first == "'", let second = scalars.dropFirst().first else { return false }
        return second == "'" || dangerous.contains(second)
    }
}
