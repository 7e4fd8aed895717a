/// Tweets as plain lines: each line is one text, also if it is empty.
///
/// A line that is not valid UTF-8 is decoded as Latin-1.
struct LineTweets: TweetFormat {
    let ending = RowScanner.Ending.line
    private static let name = "text"

    var columns: [String]? { [Self.name] }

    func isEmpty(_ row: RowReader.Row) -> Bool { false }

    func tweet(_ row: RowReader.Row) -> Tweet {
        let text = latin1OrUTF8(row.bytes)
        return Tweet(
            text: text, line: row.line, fields: [.init(name: Self.name, value: .text(text))],
            isLatin1: !isUTF8(row.bytes))
    }
}
