/// The screen of a session, as lines that are cut to its size.
public struct ReviewScreen: Equatable, Sendable {
    /// The size of a terminal in characters.
    public struct Size: Equatable, Sendable {
        /// The number of columns.
        public var columns: Int
        /// The number of rows.
        public var rows: Int

        /// Creates a size.
        ///
        /// - Parameters:
        ///   - columns: The number of columns.
        ///   - rows: The number of rows.
        public init(columns: Int, rows: Int) { (self.columns, self.rows) = (columns, rows) }
    }

    /// What is shown beside a report, in addition to the session.
    public struct Evidence: Equatable, Sendable {
        /// Why the model chooses its label: the strongest parts of the text first.
        public var reasons: [Opinion.Reason]
        /// Similar reports.
        public var similar: [Similar]

        /// Creates evidence.
        ///
        /// - Parameters:
        ///   - reasons: Why the model chooses its label.
        ///   - similar: Similar reports, the most similar first.
        public init(reasons: [Opinion.Reason] = [], similar: [Similar] = []) {
            (self.reasons, self.similar) = (reasons, similar)
        }
    }

    /// A report that is almost the same.
    public struct Similar: Equatable, Sendable {
        /// How similar it is, from 0 to 1.
        public var similarity: Double
        /// Its text.
        public var text: String
        /// What the annotator has decided about it.
        public var verdict: Verdict

        /// Creates a similar report.
        ///
        /// - Parameters:
        ///   - similarity: How similar it is, from 0 to 1.
        ///   - text: Its text.
        ///   - verdict: What the annotator has decided about it.
        public init(_ similarity: Double, _ text: String, _ verdict: Verdict) {
            (self.similarity, self.text, self.verdict) = (similarity, text, verdict)
        }
    }

    /// The smallest size on which a report can be decided.
    public static let smallest = Size(columns: 60, rows: 18)
    /// From this width on, the evidence has a column of its own.
    static let wide = 120

    /// The lines, as many as the screen has rows.
    public let lines: [Line]
    /// The lines of the right column, which begin at row ``rightRow`` and column ``rightColumn``, counted from 0.
    public let right: [Line]
    /// The first row of the right column.
    public let rightRow: Int
    /// The first column of the right column.
    public let rightColumn: Int
    /// Where the next character is typed, counted from 0, or nil if nothing is typed.
    public let cursor: (row: Int, column: Int)?
    /// The last line of the text with which the text can begin, so that nothing is scrolled past its end.
    public let lastScroll: Int
    /// Whether the window is so small that only the keys that quit work.
    public let isTooSmall: Bool

    /// Whether two screens look the same.
    public static func == (a: ReviewScreen, b: ReviewScreen) -> Bool {
        a.lines == b.lines && a.right == b.right && a.cursor?.row == b.cursor?.row
            && a.cursor?.column == b.cursor?.column
    }

    /// Lays out the screen.
    ///
    /// - Parameters:
    ///   - session: The state of the session.
    ///   - evidence: What is shown beside the report.
    ///   - size: The size of the terminal.
    public init(_ session: Session, _ evidence: Evidence, _ size: Size) {
        guard size.columns >= Self.smallest.columns, size.rows >= Self.smallest.rows else {
            let text =
                "This window has \(size.columns) × \(size.rows) characters. At least \(Self.smallest.columns) × "
                + "\(Self.smallest.rows) are needed. Make it larger, or press q to quit."
            lines = Array(Line.wrap(text, max(2, size.columns)).prefix(size.rows)).map {
                Line($0).cut(to: size.columns)
            }
            (right, rightRow, rightColumn, cursor, lastScroll, isTooSmall) = ([], 0, 0, nil, .max, true)
            return
        }
        let isWide = size.columns >= Self.wide
        let left = isWide ? size.columns * 3 / 5 : size.columns
        let top = ReviewParts.top(session, size.columns)
        let (bottom, cursor) = ReviewParts.bottom(session, size.columns)
        let height = size.rows - top.count - bottom.count
        let facts = ReviewParts.facts(session, left - 2)
        var body: [Line]
        var side: [Line] = []
        let text: (lines: [Line], lastScroll: Int)
        if isWide {
            side = ReviewParts.evidence(session, evidence, size.columns - left - 4, rows: height)
            text = ReviewParts.text(session, left - 4, rows: height - facts.count - 2)
            body = text.lines + [[]] + facts
        } else {
            let needed = ReviewParts.evidence(session, evidence, left - 4, rows: .max).count
            text = ReviewParts.text(
                session, left - 4, rows: max(4, height - facts.count - min(needed, 5) - 3))
            let rest = height - text.lines.count - facts.count - 2
            body = text.lines + [[]] + facts + [[]]
            body += ReviewParts.evidence(session, evidence, left - 4, rows: max(0, rest))
        }
        body = Array((body + Array(repeating: [], count: max(0, height - body.count))).prefix(height))
        lines = (top + body + bottom).map { $0.cut(to: size.columns) }
        right = side.prefix(height).map { $0.cut(to: size.columns - left - 4) }
        (rightRow, rightColumn, lastScroll, isTooSmall) = (top.count, left + 2, text.lastScroll, false)
        self.cursor = cursor.map {
            (size.rows - bottom.count + $0.row, min($0.column, size.columns - 1))
        }
    }
}
