/// A piece of a line, in one style.
public struct Span: Equatable, Sendable {
    /// How a piece looks.
    public enum Style: Sendable {
        case plain, bold, faint, accent, good, bad, reverse

        /// The parameter of the escape sequence that selects the style.
        ///
        /// - Source: ECMA-48, "Select Graphic Rendition".
        var code: String {
            switch self {
            case .plain: "0"
            case .bold: "1"
            case .faint: "2"
            case .accent: "36"
            case .good: "32"
            case .bad: "31"
            case .reverse: "7"
            }
        }

        /// Whether the style is a colour, rather than a weight.
        var isColour: Bool { [.accent, .good, .bad].contains(self) }
    }

    /// The text, without control characters.
    public var text: String
    /// The style.
    public var style: Style

    /// Creates a piece.
    ///
    /// - Parameters:
    ///   - text: The text, without control characters.
    ///   - style: The style.
    public init(_ text: String, _ style: Style = .plain) { (self.text, self.style) = (text, style) }
}

/// A line of the screen.
public struct Line: Equatable, Sendable, ExpressibleByArrayLiteral {
    /// The pieces from left to right.
    public var spans: [Span]

    /// Creates a line.
    ///
    /// - Parameter elements: The pieces from left to right.
    public init(arrayLiteral elements: Span...) { spans = elements }

    /// Creates a line.
    ///
    /// - Parameter spans: The pieces from left to right.
    public init(_ spans: [Span]) { self.spans = spans }

    /// Creates a line of one piece.
    ///
    /// - Parameters:
    ///   - text: The text, without control characters.
    ///   - style: The style.
    public init(_ text: String, _ style: Span.Style = .plain) { spans = [Span(text, style)] }

    /// The text of all pieces.
    public var text: String { spans.map(\.text).joined() }

    /// The same line in at most `width` columns, with a sign at its end if something was cut.
    ///
    /// - Parameter width: The number of columns.
    /// - Returns: The line.
    public func cut(to width: Int) -> Line {
        guard CellWidth.of(text) > width else { return self }
        var rest = max(0, width - 1)
        var result: [Span] = []
        for span in spans {
            var piece = ""
            for character in span.text {
                let cells = CellWidth.of(character)
                guard cells <= rest else {
                    return Line(result + [Span(piece + (width > 0 ? "…" : ""), span.style)])
                }
                rest -= cells
                piece.append(character)
            }
            result.append(Span(piece, span.style))
        }
        return Line(result)
    }

    /// Divides a text into lines of at most `width` columns, between words where that is possible.
    ///
    /// - Parameters:
    ///   - text: The text, without control characters other than line feeds.
    ///   - width: The number of columns, at least 2.
    /// - Returns: At least one line.
    public static func wrap(_ text: String, _ width: Int) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
            var lines: [String] = []
            var line: (text: String, cells: Int)?
            for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
                let size = CellWidth.of(word)
                if let open = line {
                    if open.cells + 1 + size <= width {
                        line = (open.text + " " + word, open.cells + 1 + size)
                        continue
                    }
                    lines.append(open.text)
                }
                var rest = word
                while CellWidth.of(rest) > width { lines.append(take(width, from: &rest)) }
                line = (String(rest), CellWidth.of(rest))
            }
            return lines + [line?.text ?? ""]
        }
    }

    /// Takes the first characters that fit into `width` columns, and at least one.
    private static func take(_ width: Int, from text: inout Substring) -> String {
        var (part, cells) = ("", 0)
        while let first = text.first, cells + CellWidth.of(first) <= width || part.isEmpty {
            cells += CellWidth.of(first)
            part.append(text.removeFirst())
        }
        return part
    }
}
