import Foundation

/// Tweets in JSON Lines: each line is an object with the key `text` and optionally the key `label`.
///
/// Lines that are empty or contain only white space are skipped. A label of `null` counts as no label.
struct JSONLinesTweets: TweetFormat {
    /// The name of the data in error messages.
    let path: String

    func next(_ bytes: inout ByteReader) throws -> Tweet? {
        while true {
            let line = bytes.line
            guard let content = try bytes.readLine() else { return nil }
            if !isBlank(content) { return try tweet(content, line: line) }
        }
    }

    func skip(_ bytes: inout ByteReader) throws -> Bool {
        while let content = try bytes.readLine() {
            if !isBlank(content) { return true }
        }
        return false
    }

    private func isBlank(_ content: [UInt8]) -> Bool {
        content.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }

    private func tweet(_ content: [UInt8], line: Int) throws -> Tweet {
        guard let object = try? JSONSerialization.jsonObject(with: Data(content)) as? [String: Any] else {
            throw DataError.malformed(path: path, line: line, reason: "this line is not a JSON object")
        }
        guard let text = object["text"] as? String else {
            throw DataError.malformed(
                path: path, line: line, reason: "the value of \"text\" is missing or is not a string")
        }
        let label = object["label"].flatMap { $0 is NSNull ? nil : $0 }
        guard label == nil || label is String else {
            throw DataError.malformed(path: path, line: line, reason: "the value of \"label\" is not a string")
        }
        return Tweet(text: text, label: label as? String, line: line)
    }
}
