public import Files

/// The reports of wrong predictions of the last hours, of all instances.
///
/// Each update reads only the bytes that were added since the last one, and asks only for the state of files that may
/// still grow.
public struct FeedbackTail {
    /// How far a file was read, and when it had changed.
    private struct Position {
        var bytes: Int
        var changed: FeedbackTime
    }

    /// The folder of the log, or nil if reports are added by hand.
    private let volume: (any Volume)?
    /// Reports that are older than this, in milliseconds, are forgotten.
    private let horizon: Int
    private var positions: [String: Position] = [:]
    /// Files that do not change any more.
    private var finished: Set<String> = []
    private var erased: Set<FeedbackID> = []

    /// The reports that say that a prediction was wrong, with the beginning of their texts.
    public private(set) var reports: [FeedbackID: FeedbackExcerpt] = [:]

    /// The number of reports that are kept; of more, the oldest ones are forgotten.
    public static let limit = 5000
    /// An update starts to read no further file after this many bytes, so that a start does not compete with requests.
    ///
    /// Newer files come first. Later updates read the rest, except for files that have not changed for two hours.
    static let byteLimit = 8 << 20

    /// Creates an empty tail.
    ///
    /// - Parameters:
    ///   - volume: The folder of the log, or nil if there is none.
    ///   - horizon: The age of the oldest report that is kept, in milliseconds.
    public init(_ volume: (any Volume)?, horizon: Int) { (self.volume, self.horizon) = (volume, horizon) }

    /// Adds a report that is on no volume.
    ///
    /// - Parameters:
    ///   - record: The report.
    ///   - now: The time.
    public mutating func add(_ record: FeedbackRecord, now: FeedbackTime) {
        take(.report(record))
        forget(now)
    }

    /// Reads what instances have written since the last update.
    ///
    /// - Parameter now: The time.
    /// - Throws: `FileError` if the volume cannot be read.
    public mutating func update(now: FeedbackTime) throws(FileError) {
        guard let volume else { return forget(now) }
        let oldest = now.milliseconds - horizon
        let segments = try volume.segments()
        var budget = Self.byteLimit
        for (file, name) in segments.reversed() where !finished.contains(file) {
            // A file is continued for at most a day.
            guard name.created.milliseconds + FeedbackOptions.longestUse >= oldest else {
                finished.insert(file)
                continue
            }
            guard let status = volume.status(of: file) else { continue }
            let start = positions[file]?.bytes ?? 0
            if status.size > start, budget > 0, status.changed.milliseconds >= oldest {
                guard let bytes = try volume.contents(of: file, from: start) else { continue }
                budget -= bytes.count
                positions[file] = Position(bytes: start + read(bytes), changed: status.changed)
            } else if now.milliseconds - status.changed.milliseconds > FeedbackOptions.abandonedAfter {
                finished.insert(file)
            }
        }
        let names = Set(segments.map(\.file))
        positions = positions.filter { names.contains($0.key) }
        finished.formIntersection(names)
        forget(now)
    }

    /// Takes the complete lines, and returns the number of their bytes.
    private mutating func read(_ bytes: [UInt8]) -> Int {
        let (lines, end) = Line.lines(of: bytes)
        for line in lines {
            if let entry = line.content.flatMap({ FeedbackEntry($0) }) { take(entry) }
        }
        return end
    }

    private mutating func take(_ entry: FeedbackEntry) {
        switch entry {
        case .erasure(let id, _):
            erased.insert(id)
            reports[id] = nil
        case .report(let record):
            guard record.isCorrect == false, !erased.contains(record.id) else { return }
            // The first report with a name counts; later ones repeat it.
            if let known = reports[record.id], known.time <= record.time { return }
            reports[record.id] = FeedbackExcerpt(record)
        }
    }

    private mutating func forget(_ now: FeedbackTime) {
        let oldest = now.milliseconds - horizon
        if reports.contains(where: { $0.value.time.milliseconds < oldest }) {
            reports = reports.filter { $0.value.time.milliseconds >= oldest }
        }
        guard reports.count > Self.limit else { return }
        let surplus = reports.sorted { ($0.value.time, $0.key) < ($1.value.time, $1.key) }.prefix(
            reports.count - Self.limit)
        for (id, _) in surplus { reports[id] = nil }
    }
}
