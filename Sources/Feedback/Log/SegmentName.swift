import Files

/// The name of a file of the log: `feedback-INSTANCE-TIME-RANDOM.log`.
///
/// No two processes choose the same name, because each name has 64 random bits.
struct SegmentName: Equatable {
    /// The instance that created the file.
    let instance: String
    /// When the file was created.
    let created: FeedbackTime
    private let random: String

    /// A new name.
    init(instance: String, created: FeedbackTime) {
        self.instance = instance
        self.created = created
        random = hexadecimal(.random(in: 0...UInt64.max))
    }

    /// Reads a name, or returns nil if a file with this name is not part of the log.
    init?(_ name: String) {
        guard name.hasSuffix(".log") else { return nil }
        let parts = name.dropLast(4).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "feedback", let milliseconds = Int(parts[2]), milliseconds >= 0 else {
            return nil
        }
        (instance, random) = (String(parts[1]), String(parts[3]))
        created = FeedbackTime(milliseconds: milliseconds)
    }

    /// The name of the file.
    var file: String {
        let digits = String(max(0, created.milliseconds))
        let time = String(repeating: "0", count: max(0, 13 - digits.utf8.count)) + digits
        return "feedback-\(instance)-\(time)-\(random).log"
    }
}

extension Volume {
    /// The files of the log, oldest first.
    func segments() throws(FileError) -> [(file: String, name: SegmentName)] {
        try names().compactMap { file in SegmentName(file).map { (file, $0) } }
            .sorted { ($0.name.created, $0.file) < ($1.name.created, $1.file) }
    }
}
