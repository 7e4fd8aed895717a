/// A file format that tweets are read from.
protocol TweetFormat: Sendable {
    /// What ends a row.
    var ending: RowScanner.Ending { get }

    /// The names of the columns, in order; nil if they are not known, or if the rows have different ones.
    var columns: [String]? { get }

    /// Whether a row holds no tweet, and is passed over.
    func isEmpty(_ row: RowReader.Row) -> Bool

    /// Reads the tweet in a row.
    ///
    /// - Throws: `DataError` if the row does not have the format.
    mutating func tweet(_ row: RowReader.Row) throws(DataError) -> Tweet
}
