import Foundation

/// Reads tweets one by one from CSV or JSON Lines, in constant memory.
///
/// CSV has a header with `text` and perhaps `label`; or, without a header, the six columns of Sentiment140, whose
/// labels 0, 2, 4 are negative, neutral, positive. Bytes that are not UTF-8 are taken for Latin-1, field by field.
public struct TweetReader {
    public let path: String
    private var format: Format
    private var bytes: ByteReader

    private enum Format {
        case csv(text: Int, label: Int?, columns: Int)
        case sentiment140(first: [String]?)
        case jsonLines
    }

    /// - Parameter path: a file, or `-` for standard input; what does not end in `.csv` or `.jsonl` is told by its first byte.
    public init(path: String) throws {
        self.path = path == "-" ? "standard input" : path
        bytes = try ByteReader(path: path)
        if path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson") {
            format = .jsonLines
        } else if !path.hasSuffix(".csv"), try bytes.peek() == UInt8(ascii: "{") {
            format = .jsonLines
        } else {
            format = .jsonLines  // until the header is read
            var csv = CSVReader(path: self.path)
            guard let header = try csv.next(&bytes) else { throw DataError.noTweets(path: self.path) }
            if let text = header.firstIndex(of: "text") {
                format = .csv(text: text, label: header.firstIndex(of: "label"), columns: header.count)
            } else if header.count == 6, Self.sentiment140Labels[header[0]] != nil {
                format = .sentiment140(first: header)
            } else {
                throw DataError.noTextColumn(path: self.path, columns: header)
            }
        }
    }

    static let sentiment140Labels = ["0": "negative", "2": "neutral", "4": "positive"]

    /// How much of the file has been read, from 0 to 1; nil if its length is not known.
    public var share: Double? { bytes.share }

    /// The next tweet, or nil at the end.
    public mutating func next() throws -> Tweet? {
        switch format {
        case .csv(let text, let label, let columns):
            try bytes.skipEmptyLines()
            let line = bytes.line
            var csv = CSVReader(path: path)
            guard let record = try csv.next(&bytes) else { return nil }
            guard record.count == columns else {
                throw DataError.malformed(
                    path: path, line: line, reason: "has \(record.count) fields, the header has \(columns)")
            }
            return Tweet(text: record[text], label: label.map { record[$0] }, line: line)
        case .sentiment140(let first):
            if first == nil { try bytes.skipEmptyLines() }
            let line = first == nil ? bytes.line : 1
            format = .sentiment140(first: nil)
            var csv = CSVReader(path: path)
            guard let record = try first ?? csv.next(&bytes) else { return nil }
            guard record.count == 6, let label = Self.sentiment140Labels[record[0]] else {
                throw DataError.malformed(
                    path: path, line: line, reason: "is not six fields of Sentiment140, the first 0, 2 or 4")
            }
            return Tweet(text: record[5], label: label, line: line)
        case .jsonLines:
            while true {
                let line = bytes.line
                guard let content = try bytes.readLine() else { return nil }
                if content.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
                return try tweet(json: content, line: line)
            }
        }
    }

    private func tweet(json: [UInt8], line: Int) throws -> Tweet {
        guard let object = try? JSONSerialization.jsonObject(with: Data(json)) as? [String: Any] else {
            throw DataError.malformed(path: path, line: line, reason: "is not a JSON object")
        }
        guard let text = object["text"] as? String else {
            throw DataError.malformed(path: path, line: line, reason: "has no \"text\" that is a string")
        }
        let label = object["label"].flatMap { $0 is NSNull ? nil : $0 }
        guard label == nil || label is String else {
            throw DataError.malformed(path: path, line: line, reason: "has a \"label\" that is not a string")
        }
        return Tweet(text: text, label: label as? String, line: line)
    }

    /// Passes over the next tweet without reading what is in it; false at the end.
    public mutating func skip() throws -> Bool {
        switch format {
        case .sentiment140(first: .some):
            format = .sentiment140(first: nil)
            return true
        case .csv, .sentiment140:
            try bytes.skipEmptyLines()
            var csv = CSVReader(path: path)
            return try csv.next(&bytes) != nil
        case .jsonLines:
            while let content = try bytes.readLine() {
                if !content.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return true }
            }
            return false
        }
    }

    /// How many tweets there are in a file.
    public static func count(_ path: String) throws -> Int {
        var reader = try TweetReader(path: path)
        var count = 0
        while try reader.skip() { count += 1 }
        return count
    }

    /// The next tweets, at most `count`; empty at the end.
    public mutating func next(_ count: Int) throws -> [Tweet] {
        var tweets: [Tweet] = []
        while tweets.count < count, let tweet = try next() { tweets.append(tweet) }
        return tweets
    }

    /// All tweets of a file, at most `limit`.
    public static func readAll(_ path: String, limit: Int = .max) throws -> [Tweet] {
        var reader = try TweetReader(path: path)
        let tweets = try reader.next(limit)
        guard !tweets.isEmpty else { throw DataError.noTweets(path: reader.path) }
        return tweets
    }
}
