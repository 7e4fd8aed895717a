public import JSON

/// One alert: what it is about, and the channels that it has to reach.
///
/// It names reports and does not hold their texts, so erasing a report leaves nothing behind.
public struct Alert: Equatable, Sendable {
    /// What the alert is about.
    public enum Cause: String, Sendable {
        /// Several users have reported wrong predictions.
        case reports
        /// The texts or the predictions differ from those of the training.
        case drift
        /// Somebody tries whether alerts arrive.
        case test
    }

    /// The number of the alert: 1 for the first one of a volume.
    public var number: Int
    /// The name of the alert, which depends only on what it is about.
    public var id: FeedbackID
    /// When it was raised.
    public var time: FeedbackTime
    /// What it is about.
    public var cause: Cause
    /// The reports that it is about, oldest first.
    public var reports: [FeedbackID]
    /// Further facts, which are sent as they are.
    public var facts: JSON
    /// The names of the channels that it has to reach.
    public var channels: [String]

    /// Creates an alert that has no number yet.
    ///
    /// - Parameters:
    ///   - cause: What it is about.
    ///   - reports: The reports that it is about, oldest first.
    ///   - facts: Further facts, as an object.
    ///   - channels: The names of the channels that it has to reach.
    ///   - time: When it is raised.
    public init(
        _ cause: Cause, reports: [FeedbackID] = [], facts: JSON = [:], channels: [String], time: FeedbackTime
    ) {
        (self.cause, self.reports, self.facts, self.channels) = (cause, reports, facts, channels)
        (number, self.time) = (0, time)
        // An alert about the same reports has the same name, whoever raises it.
        let identity = reports.isEmpty ? "\(cause.rawValue) \(time)" : reports.sorted().map(\.description).joined()
        id = FeedbackID(hashing: Array("\(cause.rawValue)\n\(identity)".utf8))
    }

    /// The content of the file of the alert.
    var json: JSON {
        [
            "number": .number(Double(number)), "id": .string("\(id)"), "time": .string("\(time)"),
            "cause": .string(cause.rawValue), "reports": .array(reports.map { .string("\($0)") }), "facts": facts,
            "channels": .array(channels.map { .string($0) }),
        ]
    }

    /// Reads the content of a file, or returns nil if it is not an alert.
    init?(_ json: JSON) {
        func texts(_ key: String) -> [String]? {
            guard case .array(let values)? = json[key] else { return nil }
            return values.compactMap { if case .string(let text) = $0 { text } else { nil } }
        }
        guard case .number(let number)? = json["number"], let number = Int(exactly: number),
            case .string(let id)? = json["id"], let id = FeedbackID(id),
            case .string(let time)? = json["time"], let time = FeedbackTime(time),
            case .string(let cause)? = json["cause"], let cause = Cause(rawValue: cause),
            let reports = texts("reports"), let channels = texts("channels"), let facts = json["facts"]
        else { return nil }
        (self.number, self.id, self.time, self.cause) = (number, id, time, cause)
        (self.reports, self.facts, self.channels) = (reports.compactMap { FeedbackID($0) }, facts, channels)
    }
}

extension FeedbackID {
    /// The name that bytes have, by the hash FNV-1a with 128 bits.
    ///
    /// It protects against nothing: whoever may write the bytes may choose the name.
    ///
    /// - Source: G. Fowler, L. C. Noll, K.-P. Vo, FNV-1a with 128 bits.
    init(hashing bytes: [UInt8]) {
        let start: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
        let hash = bytes.reduce(start) { ($0 ^ UInt128($1)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B }
        self.init(digest: (0..<16).map { UInt8(truncatingIfNeeded: hash >> (120 - 8 * UInt128($0))) })
    }
}
