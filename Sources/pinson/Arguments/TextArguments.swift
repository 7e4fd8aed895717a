import ArgumentParser
import Training

/// Texts on the command line, or in a file.
struct TextArguments: ParsableArguments {
    @Argument(help: "The texts, or - for standard input.")
    var text: [String] = []

    @Option(
        help: ArgumentHelp(
            "A CSV or JSON Lines file with texts, or - for standard input.", valueName: "file"),
        completion: .file())
    var input: String?

    @Flag(help: "Read each line of the input as one text, instead of CSV or JSON Lines.")
    var lines = false

    @OptionGroup var columns: ColumnOptions
    @OptionGroup var badRows: BadRowOptions

    /// The file to read, or `-` for standard input; nil if the texts are on the command line.
    var file: String? { input ?? (text == ["-"] ? "-" : nil) }

    func validate() throws {
        guard text.isEmpty != (input == nil) else {
            throw ValidationError(
                text.isEmpty
                    ? "There are no texts. Give a text, '--input <file>', or - for standard input."
                    : "Give either texts or '--input <file>', not both.")
        }
        guard file != nil || !text.contains("-") else {
            throw ValidationError("Give either texts or - for standard input, not both.")
        }
        guard file != nil || columns.isEmpty && !lines && badRows.onError == .stop else {
            throw ValidationError(
                "'--text-column', '--label-column', '--lines' and '--on-error' need '--input <file>' or -.")
        }
        guard columns.isEmpty || !lines else {
            throw ValidationError("'--text-column' and '--label-column' cannot be used with '--lines'.")
        }
    }

    /// The number of texts that are in memory at the same time.
    static let window = 4096

    /// Calls `body` with the tweets, one window after the other.
    ///
    /// Memory does not grow with the number of tweets. If the input is a pipe, a window ends where the program that
    /// writes it waits.
    ///
    /// - Parameters:
    ///   - shard: The part of the file to read, which may be empty. Nil reads all of it.
    ///   - hasSameColumns: Whether all rows must have the same columns.
    ///   - body: Handles one window.
    /// - Throws: `DataError` if the file cannot be read or has a bad row that the user does not skip, and any error that
    ///   `body` throws.
    func forEachWindow(
        of shard: Shard? = nil, hasSameColumns: Bool = false, _ body: (TextWindow) throws -> Void
    ) throws {
        guard let file else { return try body(TextWindow(texts: text)) }
        let options = TweetReader.Options(isLines: lines, readsLabels: false, hasSameColumns: hasSameColumns)
        let range = try shard.map { $0.range(of: try TweetReader.count(file, columns: columns.names, options)) }
        var reader = try TweetReader(path: file, columns: columns.names, options)
        for _ in 0..<(range?.lowerBound ?? 0) { _ = try reader.skip() }
        var badRows = BadRows(badRows.onError)
        var left = range?.count ?? Int.max
        while left > 0, !badRows.hasStopped {
            let rows = try reader.next(min(left, Self.window))
            if rows.isEmpty { break }
            left -= rows.count
            let share = range.map { Double($0.count - left) / Double($0.count) } ?? reader.share
            let tweets = badRows.filter(rows)
            if !tweets.isEmpty {
                try body(TextWindow(tweets: tweets, columns: reader.columns ?? [], share: share))
            }
        }
        guard range == nil || badRows.hasGood || badRows.hasStopped else {
            // A part without tweets is also written, and has columns.
            badRows.report(reader.name)
            while hasSameColumns, reader.columns == nil, try reader.skip() {}
            return try body(TextWindow(tweets: [], columns: reader.columns ?? [], share: 1))
        }
        try badRows.finish(reader.name)
    }
}

/// The texts that are in memory at the same time.
struct TextWindow {
    var tweets: [Tweet]
    /// The names of the columns; empty if the rows have different ones.
    var columns: [String]
    /// The part of all tweets that is done after this window, from 0 to 1, if it is known.
    var share: Double?
}

extension TextWindow {
    /// The texts of the command line.
    init(texts: [String]) {
        let tweets = texts.map { Tweet(text: $0, fields: [.init(name: "text", value: .text($0))]) }
        self.init(tweets: tweets, columns: ["text"], share: 1)
    }
}
