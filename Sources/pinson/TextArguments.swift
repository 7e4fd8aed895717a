import ArgumentParser
import Training

/// Texts on the command line, or a file of them.
struct TextArguments: ParsableArguments {
    @Argument(help: "Texts.")
    var text: [String] = []

    @Option(
        help: ArgumentHelp("CSV or JSON Lines with a `text`; - for standard input.", valueName: "file"),
        completion: .file())
    var input: String?

    func validate() throws {
        guard text.isEmpty != (input == nil) else {
            throw ValidationError(
                text.isEmpty
                    ? "Nothing to read: give a text, or '--input <file>'." : "Give texts or '--input <file>', not both."
            )
        }
    }

    /// Texts that are held at a time.
    static let window = 4096

    /// Calls `body` with the tweets, window by window, in constant memory.
    ///
    /// - Parameters:
    ///   - shard: the part of the file to read; it may be empty.
    ///   - body: gets the tweets, and how much of the whole is done with them, if that can be known.
    func forEachWindow(of shard: Shard? = nil, _ body: ([Tweet], _ share: Double?) throws -> Void) throws {
        guard let input else { return try body(text.map { Tweet(text: $0) }, 1) }
        let range = try shard.map { $0.range(of: try TweetReader.count(input)) }
        var reader = try TweetReader(path: input)
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
