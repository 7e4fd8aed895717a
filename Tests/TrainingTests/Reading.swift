import Training

/// Reads the tweets of a file, without the other columns, up to the first bad row.
func readAll(_ path: String, columns: TweetColumns = TweetColumns(), limit: Int = .max) throws -> [Tweet] {
    var reader = try TweetReader(path: path, columns: columns)
    let tweets = try reader.next(limit).map { try $0.get() }
    guard !tweets.isEmpty else { throw DataError.noTweets(path: path) }
    return tweets.map { Tweet(text: $0.text, label: $0.label, line: $0.line) }
}
