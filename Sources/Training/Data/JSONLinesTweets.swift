internal import JSON

/// Tweets in JSON Lines: each line is an object with a key for the text and optionally one for the label.
///
/// Lines that are empty or contain only white space are skipped. A label of `null` counts as no label.
struct JSONLinesTweets: TweetFormat {
    let ending = RowScanner.Ending.line
    private(set) var columns: [String]?
    /// The name of the data in error messages.
    private let path: String
    private let names: TweetColumns
    private let options: TweetReader.Options

    init(path: String, _ names: TweetColumns, _ options: TweetReader.Options) {
        self.path = path
        self.names = names
        self.options = options
    }

    func isEmpty(_ row: RowReader.Row) -> Bool {
        row.bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }

    mutating func tweet(_ row: RowReader.Row) throws(DataError) -> Tweet {
        let members: [JSON.SourceMember]
        do { members = try JSON.members(parsing: row.bytes) } catch {
            throw .malformed(path: path, line: row.line, reason: "this line is not a JSON object: \(error)")
        }
        guard case .string(let text)? = try value(names.textName, in: members, isRequired: true, row) else {
            throw notAString(names.textName, row)
        }
        var label: String?
        switch try value(names.labelName, in: members, isRequired: names.label != nil, row) {
        case .string(let name): label = name
        case nil, .null: break
        default: if options.readsLabels || names.label != nil { throw notAString(names.labelName, row) }
        }
        return Tweet(text: text, label: label, line: row.line, fields: try fields(members, row))
    }

    /// The value of the last member with this key.
    private func value(
        _ key: String, in members: [JSON.SourceMember], isRequired: Bool, _ row: RowReader.Row
    ) throws(DataError) -> JSON? {
        let member = members.last { $0.has(key) }
        if member == nil, isRequired {
            throw .missingKey(path: path, line: row.line, name: key, keys: members.map(\.key).sorted())
        }
        return member?.value
    }

    private func notAString(_ key: String, _ row: RowReader.Row) -> DataError {
        .malformed(path: path, line: row.line, reason: "the value of \"\(key)\" is not a string")
    }

    /// All members of the object; as texts and in the order of the first object if all rows have the same columns.
    private mutating func fields(
        _ members: [JSON.SourceMember], _ row: RowReader.Row
    ) throws(DataError) -> [Tweet.Field] {
        guard options.hasSameColumns else { return members.map { .init(name: $0.key, value: .json($0.source)) } }
        if columns == nil {
            columns = members.enumerated().filter { index, member in
                !members[..<index].contains { $0.has(member.key) }
            }.map(\.element.key)
        }
        let columns = columns ?? []
        if let other = members.first(where: { !columns.contains(where: $0.has) }) {
            throw .malformed(
                path: path, line: row.line,
                reason: "the object has the key '\(other.key)', which the first object does not have, "
                    + "but all rows of a CSV file have the same columns. Write JSON Lines instead")
        }
        return columns.map { column in
            .init(name: column, value: .text(members.last { $0.has(column) }?.text ?? ""))
        }
    }
}

extension JSON.SourceMember {
    /// Whether the key has the same Unicode scalars as `key`.
    fileprivate func has(_ key: String) -> Bool { self.key.utf8.elementsEqual(key.utf8) }

    /// The value as the text of a CSV field: a string without quotes, nothing for null, and JSON for everything else.
    fileprivate var text: String {
        switch value {
        case .string(let text): text
        case .null: ""
        default: String(decoding: source, as: UTF8.self)
        }
    }
}
