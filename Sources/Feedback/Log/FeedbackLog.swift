import Files
import Glibc

/// The log that one process writes: entries are appended to a file of its own, and are durable when `append` returns.
///
/// Several processes may share a folder. Each one writes only its own files, so no write of one can damage what another
/// one has written. An instance that starts again continues its last file, after it has cut the torn tail.
///
/// A log is used from one thread at a time.
public final class FeedbackLog {
    let volume: any Volume
    let instance: FeedbackInstance
    let options: FeedbackOptions
    let now: () -> FeedbackTime
    private let steady: () -> Int

    /// The file that is continued, or nil before the first entry and after an error.
    private(set) var current: (name: SegmentName, file: any VolumeFile, used: Int)?
    /// Whether entries are appended, or nil while this is not known.
    private(set) var appends: Bool?
    /// The bytes of all files when they were counted last, and those that were written since.
    private(set) var bytes: (total: Int, counted: Int)?
    /// What is left to do until the log is tidy.
    var chores: [Chore] = []
    /// The reports that were erased, as far as the chores have found them.
    var erased: Set<FeedbackID> = []

    /// Creates a log, without touching the volume.
    ///
    /// - Parameters:
    ///   - volume: The folder of the log.
    ///   - instance: The instance that writes it.
    ///   - options: How the volume is used.
    ///   - now: The time.
    ///   - steady: The milliseconds of a clock that never jumps.
    public init(
        _ volume: any Volume, instance: FeedbackInstance, options: FeedbackOptions = FeedbackOptions(),
        now: @escaping () -> FeedbackTime = { .now }, steady: @escaping () -> Int = steadyMilliseconds
    ) {
        (self.volume, self.instance, self.options) = (volume, instance, options)
        (self.now, self.steady) = (now, steady)
    }

    /// Writes entries, and returns when all of them have reached the disk.
    ///
    /// - Parameter entries: The entries, which share one wait for the disk.
    /// - Throws: `FeedbackError` if the entries are not durable. Then none of them counts as kept.
    public func append(_ entries: [FeedbackEntry]) throws(FeedbackError) {
        let lines = entries.flatMap(\.line)
        let counted: Int
        do {
            try open()
            counted = try countedBytes()
        } catch { throw .volume(error) }
        guard counted + lines.count <= options.totalBytes else { throw .full(limit: options.totalBytes) }
        do { try write(lines) } catch { throw .volume(error) }
        bytes?.total += lines.count
    }

    /// Finds out how the volume is used, and continues the last file of this instance.
    ///
    /// - Throws: `FileError` if the volume cannot be used.
    func open() throws(FileError) {
        guard appends == nil else { return }
        switch options.storage {
        case .append: appends = true
        case .objects: appends = false
        case .automatic: appends = try volume.canAppend(probe: SegmentName(instance: instance.key, created: now()))
        }
        if appends == true { current = try lastFile() }
    }

    /// The last file of this instance that no other process has open, without its torn tail, or nil.
    private func lastFile() throws(FileError) -> (SegmentName, any VolumeFile, Int)? {
        for (name, segment) in try volume.segments().reversed() where segment.instance == instance.key {
            guard let file = try volume.reopen(name) else { continue }
            guard let contents = try volume.contents(of: name) else { continue }
            let end = Line.lines(of: contents).end
            if end < file.size { try file.truncate(to: end) }
            return (segment, file, steady())
        }
        return nil
    }

    private func write(_ lines: [UInt8]) throws(FileError) {
        let isReusable = current.map { current in
            current.file.size < options.segmentBytes && steady() - current.used <= FeedbackOptions.longestPause
                && abs(now().milliseconds - current.name.created.milliseconds) <= FeedbackOptions.longestUse
        }
        if isReusable != true { leave() }
        let name = current?.name ?? SegmentName(instance: instance.key, created: now())
        let file = if let current { current.file } else { try volume.create(name.file) }
        current = nil
        let size = file.size
        do {
            try file.append(lines)
            try file.synchronize()
        } catch {
            // Nobody knows what has reached the disk, so the file is not continued.
            try? file.truncate(to: size)
            if size == 0 { try? volume.remove(name.file) }
            throw error
        }
        if appends == true { current = (name, file, steady()) }
    }

    /// Ends the current file, so that the next entry starts a new one.
    func leave() { current = nil }

    /// The bytes of all files, which are counted again after each minute.
    private func countedBytes() throws(FileError) -> Int {
        if let bytes, abs(steady() - bytes.counted) < 60_000 { return bytes.total }
        let total = try volume.segments().reduce(0) { $0 + (volume.status(of: $1.file)?.size ?? 0) }
        bytes = (total, steady())
        return total
    }
}

/// The milliseconds of a clock that never jumps.
///
/// - Returns: The milliseconds since some time in the past.
public func steadyMilliseconds() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
}
