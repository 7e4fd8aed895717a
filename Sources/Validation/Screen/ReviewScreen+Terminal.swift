extension ReviewScreen {
    /// The bytes that draw the screen on a terminal, in UTF-8.
    ///
    /// Each line is cleared and begins at its own position, so a character that a terminal shows wider than
    /// expected moves nothing else.
    ///
    /// - Parameter hasColours: Whether colours are used.
    /// - Returns: The text.
    /// - Source: ECMA-48.
    public func sequences(hasColours: Bool) -> [UInt8] {
        var text = "\u{1B}[?25l" + (isTooSmall ? "\u{1B}[0m\u{1B}[2J" : "")
        for (row, line) in lines.enumerated() {
            // After a full line, the cursor is still on its last character, so clearing comes first.
            text += "\u{1B}[\(row + 1);1H\u{1B}[0m\u{1B}[K" + Self.styled(line, hasColours)
        }
        for (row, line) in right.enumerated() {
            text +=
                "\u{1B}[\(rightRow + row + 1);\(rightColumn + 1)H\u{1B}[0m" + Self.styled(line, hasColours)
        }
        text += "\u{1B}[0m"
        if let cursor { text += "\u{1B}[\(cursor.row + 1);\(cursor.column + 1)H\u{1B}[?25h" }
        return Array(text.utf8)
    }

    private static func styled(_ line: Line, _ hasColours: Bool) -> String {
        line.spans.map { span in
            guard span.style != .plain, hasColours || !span.style.isColour else { return span.text }
            return "\u{1B}[\(span.style.code)m\(span.text)\u{1B}[0m"
        }.joined()
    }
}
