public import Files

/// Everything that a volume holds at one moment, read while instances may write.
public struct FeedbackArchive: Sendable {
    /// The reports in the order of their times, each one once, without those that were erased.
    public let records: [FeedbackRecord]
    /// The number of reports that were erased.
    public let erased: Int
    /// The number of lines that are damaged, with the names of their files.
    public let damaged: [(file: String, lines: Int)]

    /// Reads a volume.
    ///
    /// An instance may delete a file while it is read, after it has written the same reports to another one. Then the
    /// volume is read again.
    ///
    /// - Parameter volume: The folder of the log.
    /// - Throws: `FileError` if a file cannot be read.
    public init(reading volume: some Volume) throws(FileError) {
        var reading = Reading()
        var files = try volume.segments().map(\.file)
        while let file = files.popLast() {
            if let contents = try volume.contents(of: file) {
                reading.add(file, contents)
            } else {
                reading = Reading()
                files = try volume.segments().map(\.file)
            }
        }
        records = reading.reports.values.filter { !reading.erased.contains($0.id) }
            .sorted { ($0.time, $0.id) < ($1.time, $1.id) }
        erased = reading.erased.count
        damaged = reading.damaged.reversed()
    }

    private struct Reading {
        var reports: [FeedbackID: FeedbackRecord] = [:]
        var erased: Set<FeedbackID> = []
        var damaged: [(String, Int)] = []

        mutating func add(_ file: String, _ contents: [UInt8]) {
            let (entries, damaged) = FeedbackEntry.entries(of: contents)
            if damaged > 0 { self.damaged.append((file, damaged)) }
            for entry in entries {
                switch entry {
                case .erasure(let id, _): erased.insert(id)
                case .report(let record):
                    // The first report with a name counts; later ones repeat it.
                    if let known = reports[record.id], known.time <= record.time { continue }
                    reports[record.id] = record
                }
            }
        }
    }
}
