/// Tweets in CSV records: with a header, or in the format of the Sentiment140 data set.
///
/// A header names a column for the text and optionally one for the label. Sentiment140 has no header: its records have
/// six columns, the first is the label and the last is the text.
struct CSVTweets: TweetFormat {
    let ending = RowScanner.Ending.record
    /// The names of all columns, in the order of the file.
    private let names: [String]
    private let text: Int
    private let label: Int?
    private let isSentiment140: Bool
    /// The name of the data in error messages.
    private let path: String

    /// The labels of Sentiment140 by the numbers in the file.
    static let sentiment140Labels = ["0": "negative", "2": "neutral", "4": "positive"]
    /// The names that the columns of Sentiment140 get, since the file has none.
    static let sentiment140Names = ["polarity", "id", "date", "query", "user", "text"]

    /// The start of a file that stands for another one.
    ///
    /// - Source: Git LFS Specification, "The Pointer".
    private static let lfsPointer = "version https://git-lfs.github.com/spec/".utf8

    /// Reads the first record and recognizes the layout.
    ///
    /// A file whose columns the caller names has a header.
    ///
    /// - Parameters:
    ///   - rows: the rows of the file. The first row is put back if it is not a header.
    ///   - columns: the columns to read.
    ///   - options: the choices of the caller.
    /// - Throws: `DataError` if the file cannot be read, is empty or does not have the columns.
    init(_ rows: inout RowReader, _ columns: TweetColumns, _ options: TweetReader.Options) throws(DataError) {
        path = rows.name
        var first: RowReader.Row?
        while first == nil, case .row(let row) = try rows.next(.record, waits: true) {
            let row = try row.get()
            if !row.bytes.isEmpty { first = row }
        }
        guard let first else { throw .noTweets(path: path) }
        guard !first.bytes.starts(with: Self.lfsPointer) else {
            throw .unreadable(
                path: path,
                reason: "it is a pointer of Git LFS, not the file itself; run `git lfs pull` in its repository")
        }
        let header = CSVRecord.fields(first.bytes)
        if columns == TweetColumns(), header.count == 6, Self.sentiment140Labels[header[0]] != nil,
            !header.contains(columns.textName)
        {
            rows.putBack(first)
            (names, text, label, isSentiment140) = (Self.sentiment140Names, 5, 0, true)
            return
        }
        guard let text = header.firstIndex(of: columns.textName) else {
            throw .noTextColumn(path: path, name: columns.textName, columns: header, canBeLines: !options.readsLabels)
        }
        let label = header.firstIndex(of: columns.labelName)
        if let name = columns.label, label == nil {
            throw .noLabelColumn(path: path, name: name, columns: header)
        }
        (names, self.text, self.label, isSentiment140) = (header, text, label, false)
    }

    var columns: [String]? { names }

    func isEmpty(_ row: RowReader.Row) -> Bool { row.bytes.isEmpty }

    func tweet(_ row: RowReader.Row) throws(DataError) -> Tweet {
        let record = CSVRecord.fields(row.bytes)
        let isLatin1 = !isUTF8(row.bytes)
        let fields = zip(names, record).map { Tweet.Field(name: $0, value: .text($1)) }
        guard isSentiment140 else {
            guard record.count == names.count else {
                throw .malformed(
                    path: path, line: row.line,
                    reason: "the number of fields is \(record.count), but the header has \(names.count)")
            }
            return Tweet(
                text: record[text], label: label.map { record[$0] }, line: row.line, fields: fields, isLatin1: isLatin1)
        }
        guard record.count == 6, let label = Self.sentiment140Labels[record[0]] else {
            throw .malformed(
                path: path, line: row.line,
                reason: "this is not a Sentiment140 record, which has six fields and starts with 0, 2 or 4")
        }
        return Tweet(text: record[5], label: label, line: row.line, fields: fields, isLatin1: isLatin1)
    }
}
