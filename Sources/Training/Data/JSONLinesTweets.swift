import Foundation

/// Tweets in JSON Lines: each line is an object with a key for the text and optionally one for the label.
///
/// Lines that are empty or contain only white space are skipped. A label of `null` counts as no label.
struct JSONLinesTweets: TweetFormat {
    /// The name of the data in error messages.
    let path: String
    let columns: TweetColumns

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
        let text = try value(columns.textName, in: object, isRequired: true, line: line)
        guard let text = text as? String else { throw notAString(columns.textName, line: line) }
        let label = try value(columns.labelName, in: object, isRequired: columns.label != nil, line: line)
        guard label is String? || label is NSNull else { throw notAString(columns.labelName, line: line) }
        return Tweet(text: text, label: label as? String, line: line)
    }

    private func value(_ key: String, in object: [String: Any], isRequired: Bool, line: Int) throws -> Any? {
        guard isRequired, object[key] == nil else { return object[key] }
        throw DataError.missingKey(path: path, line: line, name: key, keys: object.keys.sorted())
    }

    private func notAString(_ key: String, line: Int) -> DataError {
        .malformed(path: path, line: line, reason: "the value of \"\(key)\" is not a string")
    }
}
