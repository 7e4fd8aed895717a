import JSON

/// What a line of the log says.
public enum FeedbackEntry: Equatable, Sendable {
    /// A report.
    case report(FeedbackRecord)
    /// A report was erased; this line stays when the report is gone.
    case erasure(FeedbackID, FeedbackTime)

    /// The report that the line is about.
    public var id: FeedbackID {
        switch self {
        case .report(let record): record.id
        case .erasure(let id, _): id
        }
    }

    /// The line, in UTF-8, with its checksum and its line feed.
    var line: [UInt8] {
        var writer = JSONWriter()
        switch self {
        case .report(let record): writer.value(record.json)
        case .erasure(let id, let time): writer.value(["erased": .string("\(id)"), "time": .string("\(time)")])
        }
        return Line.framed(writer.bytes)
    }

    /// Reads what the checksum of a line protects, or returns nil if it is not an entry.
    init?(_ bytes: some Sequence<UInt8>) {
        guard let json = try? JSON(parsing: bytes) else { return nil }
        if case .string(let id)? = json["erased"], case .string(let time)? = json["time"] {
            guard let id = FeedbackID(id), let time = FeedbackTime(time) else { return nil }
            self = .erasure(id, time)
        } else {
            guard let record = FeedbackRecord(json) else { return nil }
            self = .report(record)
        }
    }
}
