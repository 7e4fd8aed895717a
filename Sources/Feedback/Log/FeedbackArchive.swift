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
        var files = Array(try volume.segments().map(\.file).reversed())
        while let file = files.popLast() {
            if let contents = try volume.contents(of: file) {
                reading.add(file, contents)
            } else {
                reading = Reading()
                files = Array(try volume.segments().map(\.file).reversed())
            }
        }
        // Reports of the same millisecond stay in the order in which they were written.
        records = reading.reports.values.filter { !reading.erased.contains($0.record.id) }
            .sorted { ($0.record.time, $0.position) < ($1.record.time, $1.position) }.map(\.record)
        erased = reading.erased.count
        damaged = reading.damaged
    }

    private struct Reading {
        var reports: [FeedbackID: (record: FeedbackRecord, position: Int)] = [:]
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
                    if let known = reports[record.id], known.record.time <= record.time { continue }
                    reports[record.id] = (record, reports.count)
                }
            }
        }
    }
}
