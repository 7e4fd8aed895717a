/// A file format that tweets are read from.
///
/// The bytes belong to the caller, which passes the same reader to every call.
protocol TweetFormat {
    /// Returns the next tweet, or nil at the end of `bytes`.
    mutating func next(_ bytes: inout ByteReader) throws -> Tweet?

    /// Moves past the next tweet without checking its content; returns false at the end of `bytes`.
    mutating func skip(_ bytes: inout ByteReader) throws -> Bool
}
