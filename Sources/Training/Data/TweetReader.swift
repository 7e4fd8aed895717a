/// Reads tweets one by one from a file or from standard input, in constant memory.
///
/// A CSV file has a header with a column `text` and optionally a column `label`, or it has no header and the six columns
/// of Sentiment140, whose labels 0, 2 and 4 mean negative, neutral and positive. A CSV field that is not valid UTF-8 is
/// decoded as Latin-1. A line of JSON Lines is an object with the key `text` and optionally the key `label`.
/// `TweetColumns` names other columns and keys. Plain lines are read if the caller asks for them.
public struct TweetReader {
    /// The choices of the caller.
    public struct Options: Equatable, Sendable {
        /// Whether each line is one text, instead of CSV or JSON Lines.
        public var isLines: Bool
        /// Whether a label that is not a string is an error.
        public var readsLabels: Bool
        /// Whether all rows must have the columns of the first one, as a CSV file needs it.
        public var hasSameColumns: Bool
        /// The most bytes of a row.
        var longestRow = 1 << 24

        /// Creates options.
        public init(isLines: Bool = false, readsLabels: Bool = true, hasSameColumns: Bool = false) {
            self.isLines = isLines
            self.readsLabels = readsLabels
            self.hasSameColumns = hasSameColumns
        }
    }

    private var format: any TweetFormat
    private var rows: RowReader
    private let options: Options

    /// Opens a file and recognizes its format.
    ///
    /// The file extension decides: `.csv` is CSV; `.jsonl` and `.ndjson` are JSON Lines. With any other extension, and
    /// on standard input, the data is JSON Lines if its first character is `{`, and CSV otherwise.
    ///
    /// - Parameters:
    ///   - path: the path of a file, or `-` for standard input.
    ///   - columns: the columns or keys to read.
    ///   - options: the choices of the caller.
    /// - Throws: `DataError` if the file cannot be read, or is a CSV file that is empty or does not have the columns.
    public init(
        path: String, columns: TweetColumns = TweetColumns(), _ options: Options = Options()
    ) throws(DataError) {
        self.options = options
        rows = try RowReader(path: path, longestRow: options.longestRow)
        if options.isLines {
            format = LineTweets()
        } else if Self.isJSONLines(path, rows) {
            format = JSONLinesTweets(path: rows.name, columns, options)
        } else {
            format = try CSVTweets(&rows, columns, options)
        }
    }

    private static func isJSONLines(_ path: String, _ rows: RowReader) -> Bool {
        func hasExtension(_ name: String) -> Bool { path.utf8.suffix(name.utf8.count).elementsEqual(name.utf8) }
        if hasExtension(".jsonl") || hasExtension(".ndjson") { return true }
        if hasExtension(".csv") { return false }
        return rows.first == UInt8(ascii: "{")
    }

    /// The path of the file, or "standard input".
    public var name: String { rows.name }

    /// The names of the columns, in order.
    ///
    /// Nil for JSON Lines, unless all rows have the same columns and one row has been read.
    public var columns: [String]? { format.columns }

    /// The part of the file that has been read, from 0 to 1; nil if its size is not known.
    public var share: Double? { rows.share }

    /// Reads the next tweet.
    ///
    /// - Returns: the tweet, or the reason why its row is not valid; nil at the end of the data.
    /// - Throws: `DataError` if the system refuses to read.
    public mutating func next() throws(DataError) -> Result<Tweet, DataError>? {
        try next(1).first
    }

    /// Reads the next tweets.
    ///
    /// If some tweets have arrived and others have not, those that have arrived are returned. This matters for a pipe:
    /// a program that writes one row and waits for an answer gets it.
    ///
    /// - Parameter count: the largest number of rows to read.
    /// - Returns: at least one row, or none at the end of the data. A row is a tweet, or the reason why it is not valid.
    /// - Throws: `DataError` if the system refuses to read.
    public mutating func next(_ count: Int) throws(DataError) -> [Result<Tweet, DataError>] {
        var rows: [Result<RowReader.Row, DataError>] = []
        while rows.count < count, let row = try nextRow(waits: rows.isEmpty) { rows.append(row) }
        var tweets: [Result<Tweet, DataError>] = []
        // Until the columns are known, a row decides about those after it.
        while tweets.count < rows.count, rows.count < Self.fewRows || options.hasSameColumns && format.columns == nil {
            tweets.append(Self.tweet(rows[tweets.count], &format))
        }
        let (done, format) = (tweets.count, format)
        let parts = inParallel(rows.count - done, parts: 16) { [rows] range in
            var format = format
            return range.map { Self.tweet(rows[done + $0], &format) }
        }
        return tweets + parts.joined()
    }

    /// Fewer rows than this are not worth to be divided among cores.
    private static let fewRows = 64

    private static func tweet(
        _ row: Result<RowReader.Row, DataError>, _ format: inout any TweetFormat
    ) -> Result<Tweet, DataError> {
        switch row {
        case .success(let row): Result { () throws(DataError) in try format.tweet(row) }
        case .failure(let error): .failure(error)
        }
    }

    /// Moves past the next row without checking its content.
    ///
    /// - Returns: false at the end of the data.
    /// - Throws: `DataError` if the system refuses to read.
    public mutating func skip() throws(DataError) -> Bool {
        guard let row = try nextRow(waits: true) else { return false }
        if options.hasSameColumns, format.columns == nil, case .success(let row) = row {
            _ = try? format.tweet(row)  // The first valid row has the names of the columns.
        }
        return true
    }

    /// Counts the rows of a file without checking their content.
    ///
    /// - Parameters:
    ///   - path: the path of a file.
    ///   - columns: the columns or keys of the tweets.
    ///   - options: the choices of the caller.
    /// - Returns: the number of rows that `next()` returns.
    /// - Throws: the errors of `init` and `skip()`.
    public static func count(
        _ path: String, columns: TweetColumns = TweetColumns(), _ options: Options = Options()
    ) throws(DataError) -> Int {
        var reader = try TweetReader(path: path, columns: columns, options)
        var count = 0
        while try reader.nextRow(waits: true) != nil { count += 1 }
        return count
    }

    /// The next row that is not empty; nil at the end, and if no row has arrived and the caller does not wait.
    private mutating func nextRow(waits: Bool) throws(DataError) -> Result<RowReader.Row, DataError>? {
        while case .row(let row) = try rows.next(format.ending, waits: waits) {
            guard case .success(let content) = row, format.isEmpty(content) else { return row }
        }
        return nil
    }
}
