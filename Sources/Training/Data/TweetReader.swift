/// Reads tweets one by one from a CSV or JSON Lines file, in constant memory.
///
/// A CSV file has a header with a column `text` and optionally a column `label`, or it has no header and the six columns
/// of Sentiment140, whose labels 0, 2 and 4 mean negative, neutral and positive. A CSV field that is not valid UTF-8 is
/// decoded as Latin-1. A line of JSON Lines is an object with the key `text` and optionally the key `label`.
/// `TweetColumns` names other columns and keys.
public struct TweetReader {
    /// The path of the file, or "standard input".
    public let path: String
    private var format: any TweetFormat
    private var bytes: ByteReader

    /// Opens a file and recognizes its format.
    ///
    /// The file extension decides: `.csv` is CSV; `.jsonl` and `.ndjson` are JSON Lines. With any other extension, and
    /// on standard input, the data is JSON Lines if its first byte is `{`, and CSV otherwise.
    ///
    /// - Parameters:
    ///   - path: the path of a file, or `-` for standard input.
    ///   - columns: the columns or keys to read.
    /// - Throws: `DataError` if the file cannot be read, or is a CSV file that is empty or does not have the columns.
    public init(path: String, columns: TweetColumns = TweetColumns()) throws {
        self.path = path == "-" ? "standard input" : path
        bytes = try ByteReader(path: path)
        if try Self.isJSONLines(path, &bytes) {
            format = JSONLinesTweets(path: self.path, columns: columns)
        } else {
            format = try CSVTweets(path: self.path, columns, &bytes)
        }
    }

    private static func isJSONLines(_ path: String, _ bytes: inout ByteReader) throws -> Bool {
        if path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson") { return true }
        if path.hasSuffix(".csv") { return false }
        return try bytes.peek() == UInt8(ascii: "{")
    }

    /// The part of the file that has been read, from 0 to 1; nil if its size is not known.
    public var share: Double? { bytes.share }

    /// Reads the next tweet.
    ///
    /// - Returns: the tweet, or nil at the end of the data.
    /// - Throws: `DataError` if the next record is malformed or the file cannot be read.
    public mutating func next() throws -> Tweet? {
        try format.next(&bytes)
    }

    /// Reads the next tweets.
    ///
    /// - Parameter count: the largest number of tweets to read.
    /// - Returns: `count` tweets, or fewer at the end of the data.
    /// - Throws: `DataError` if a record is malformed or the file cannot be read.
    public mutating func next(_ count: Int) throws -> [Tweet] {
        var tweets: [Tweet] = []
        while tweets.count < count, let tweet = try next() { tweets.append(tweet) }
        return tweets
    }

    /// Moves past the next tweet without checking its content.
    ///
    /// - Returns: false at the end of the data.
    /// - Throws: `DataError` if a quoted field is never closed or the file cannot be read.
    public mutating func skip() throws -> Bool {
        try format.skip(&bytes)
    }

    /// Counts the tweets in a file without checking their content.
    ///
    /// - Parameters:
    ///   - path: the path of a file, or `-` for standard input.
    ///   - columns: the columns or keys of the tweets.
    /// - Returns: the number of tweets.
    /// - Throws: the errors of `init(path:columns:)` and `skip()`.
    public static func count(_ path: String, columns: TweetColumns = TweetColumns()) throws -> Int {
        var reader = try TweetReader(path: path, columns: columns)
        var count = 0
        while try reader.skip() { count += 1 }
        return count
    }

    /// Reads the tweets of a file into memory.
    ///
    /// - Parameters:
    ///   - path: the path of a file, or `-` for standard input.
    ///   - columns: the columns or keys to read.
    ///   - limit: the largest number of tweets to read, from the start of the file.
    /// - Returns: the tweets, at least one.
    /// - Throws: `DataError.noTweets` if there is none, and the errors of `init(path:columns:)` and `next()`.
    public static func readAll(
        _ path: String, columns: TweetColumns = TweetColumns(), limit: Int = .max
    ) throws -> [Tweet] {
        var reader = try TweetReader(path: path, columns: columns)
        let tweets = try reader.next(limit)
        guard !tweets.isEmpty else { throw DataError.noTweets(path: reader.path) }
        return tweets
    }
}
