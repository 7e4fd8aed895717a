import ArgumentParser
import Training

/// Texts on the command line, or in a file.
struct TextArguments: ParsableArguments {
    @Argument(help: "The texts.")
    var text: [String] = []

    @Option(
        help: ArgumentHelp(
            "A CSV or JSON Lines file with texts, or - for standard input.", valueName: "file"),
        completion: .file())
    var input: String?

    @OptionGroup var columns: ColumnOptions

    func validate() throws {
        guard text.isEmpty != (input == nil) else {
            throw ValidationError(
                text.isEmpty
                    ? "There are no texts. Give a text, or '--input <file>'."
                    : "Give either texts or '--input <file>', not both.")
        }
        guard columns.isEmpty || input != nil else {
            throw ValidationError("'--text-column' and '--label-column' need '--input <file>'.")
        }
    }

    /// The number of texts that are in memory at the same time.
    static let window = 4096

    /// Calls `body` with the tweets, one window after the other.
    ///
    /// Memory does not grow with the number of tweets.
    ///
    /// - Parameters:
    ///   - shard: The part of the file to read, which may be empty. Nil reads all of it.
    ///   - body: Handles one window. The share is the part of all tweets that is done afterwards, if it is known.
    /// - Throws: `DataError` if the file cannot be read, and any error that `body` throws.
    func forEachWindow(of shard: Shard? = nil, _ body: ([Tweet], _ share: Double?) throws -> Void) throws {
        guard let input else { return try body(text.map { Tweet(text: $0) }, 1) }
        let range = try shard.map { $0.range(of: try TweetReader.count(input, columns: columns.names)) }
        var reader = try TweetReader(path: input, columns: columns.names)
        for _ in 0..<(range?.lowerBound ?? 0) { _ = try reader.skip() }
        let total = range?.count
        var left = total ?? Int.max
        var tweets = try reader.next(min(left, Self.window))
        guard !tweets.isEmpty || range?.isEmpty == true else { throw DataError.noTweets(path: reader.path) }
        while !tweets.isEmpty {
            left -= tweets.count
            try body(tweets, total.map { Double($0 - left) / Double($0) } ?? reader.share)
            tweets = try reader.next(min(left, Self.window))
        }
    }
}
