/// How a report is written as text.
public struct TextStyle: Sendable {
    /// The number of characters in a line.
    public var width: Int
    /// Whether to add ANSI colour codes.
    public var isColoured: Bool
    /// Whether to show limits that hold, with the table of each target.
    public var isVerbose: Bool

    /// Creates a style.
    ///
    /// - Parameters:
    ///   - width: The number of characters in a line.
    ///   - isColoured: Whether to add ANSI colour codes.
    ///   - isVerbose: Whether to show limits that hold.
    public init(width: Int = 100, isColoured: Bool = false, isVerbose: Bool = false) {
        self.width = max(30, width)
        self.isColoured = isColoured
        self.isVerbose = isVerbose
    }

    /// The text in bold.
    func bold(_ text: String) -> String { paint(text, 1) }

    /// The word for a status, four characters wide.
    func status(_ status: Finding.Status) -> String {
        switch status {
        case .pass: paint("ok  ", 32)
        case .warning: paint("warn", 33)
        case .violation: paint("FAIL", 31)
        case .unmeasured: paint("????", 31)
        }
    }

    /// Wraps the text in an ANSI escape sequence.
    private func paint(_ text: String, _ code: Int) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// Breaks sentences into lines that start with `indent` spaces.
    ///
    /// A word that is too long gets a line of its own.
    func wrap(_ text: String, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        for paragraph in text.split(separator: "\n") {
            var line = ""
            for word in paragraph.split(separator: " ") {
                if line.isEmpty {
                    line = String(word)
                } else if indent + line.count + 1 + word.count <= width {
                    line += " \(word)"
                } else {
                    lines.append(margin + line)
                    line = String(word)
                }
            }
            lines.append(margin + line)
        }
        return lines
    }

    /// Joins the cells of a row, of which the first `essential` are always shown, and the others only if they fit.
    ///
    /// `start` is the number of characters before the row. A column with a negative width is aligned on the right.
    func row(after start: Int, essential: Int, _ cells: [(text: String, width: Int)]) -> String {
        var (line, end) = ("", start)
        for (index, cell) in cells.enumerated() {
            let count = max(abs(cell.width), cell.text.count) + (index > 0 ? 2 : 0)
            guard index < essential || end + count <= width else { break }
            let spaces = String(repeating: " ", count: max(0, abs(cell.width) - cell.text.count))
            line += (index > 0 ? "  " : "") + (cell.width < 0 ? spaces + cell.text : cell.text + spaces)
            end += count
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    /// A bar of 20 characters, and an arrow after it if more than the limit is used.
    func bar(_ used: Double) -> String {
        let full = min(20, Int((min(used, 1) * 20).rounded(.up)))
        return String(repeating: "█", count: full) + String(repeating: "·", count: 20 - full) + (used > 1 ? "▶" : "")
    }
}
