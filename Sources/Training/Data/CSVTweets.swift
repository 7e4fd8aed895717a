/// Tweets in CSV records: with a header, or in the format of the Sentiment140 data set.
///
/// A header names a column for the text and optionally one for the label. Sentiment140 has no header: its records have
/// six columns, the first is the label and the last is the text.
struct CSVTweets: TweetFormat {
    private let records: CSVReader
    private let layout: Layout
    /// The first record of Sentiment140, which was read to recognize the format and is not yet returned.
    private var first: [String]?

    private enum Layout {
        case named(text: Int, label: Int?, columns: Int)
        case sentiment140
    }

    /// The labels of Sentiment140 by the numbers in the file.
    static let sentiment140Labels = ["0": "negative", "2": "neutral", "4": "positive"]

    /// Reads the first record and recognizes the layout.
    ///
    /// A file whose columns the caller names has a header.
    init(path: String, _ columns: TweetColumns, _ bytes: inout ByteReader) throws {
        records = CSVReader(path: path)
        guard let header = try records.next(&bytes) else { throw DataError.noTweets(path: path) }
        if columns == TweetColumns(), header.count == 6, Self.sentiment140Labels[header[0]] != nil,
            !header.contains(columns.textName)
        {
            layout = .sentiment140
            first = header
            return
        }
        guard let text = header.firstIndex(of: columns.textName) else {
            throw DataError.noTextColumn(path: path, name: columns.textName, columns: header)
        }
        let label = header.firstIndex(of: columns.labelName)
        if let name = columns.label, label == nil {
            throw DataError.noLabelColumn(path: path, name: name, columns: header)
        }
        layout = .named(text: text, label: label, columns: header.count)
    }

    mutating func next(_ bytes: inout ByteReader) throws -> Tweet? {
        if let record = first {
            first = nil
            return try tweet(record, line: 1)
        }
        try bytes.skipEmptyLines()
        let line = bytes.line
        return try records.next(&bytes).map { try tweet($0, line: line) }
    }

    mutating func skip(_ bytes: inout ByteReader) throws -> Bool {
        if first != nil {
            first = nil
            return true
        }
        return try records.next(&bytes) != nil
    }

    private func tweet(_ record: [String], line: Int) throws -> Tweet {
        switch layout {
        case .named(let text, let label, let columns):
            guard record.count == columns else {
                throw DataError.malformed(
                    path: records.path, line: line,
                    reason: "the number of fields is \(record.count), but the header has \(columns)")
            }
            return Tweet(text: record[text], label: label.map { record[$0] }, line: line)
        case .sentiment140:
            guard record.count == 6, let label = Self.sentiment140Labels[record[0]] else {
                throw DataError.malformed(
                    path: records.path, line: line,
                    reason: "this is not a Sentiment140 record, which has six fields and starts with 0, 2 or 4")
            }
            return Tweet(text: record[5], label: label, line: line)
        }
    }
}
