import Feedback
import Files
import Glibc
import Synchronization

/// A volume in memory, which fails as a test says.
final class MemoryVolume: Volume {
    /// What the volume does at the next operations.
    struct Faults {
        /// The error of adding bytes to a file that was synchronized before, or nil.
        var appending: Int32?
        /// The bytes that still fit.
        var space = Int.max
        /// The errors of the next waits for the disk, in their order; nil is success.
        var synchronizing: [Int32?] = []
        /// Whether nothing can be created.
        var isReadOnly = false
        /// Whether files that failed can be cut.
        var cuts = true
    }

    private struct State {
        var files: [String: [UInt8]] = [:]
        var changed: [String: Int] = [:]
        var faults = Faults()
        var synchronizations = 0
        var locked: Set<String> = []
        var time = 1_790_000_000_000
    }

    private let state = Mutex(State())
    let rewritesWholeFiles = false

    var files: [String: [UInt8]] {
        get { state.withLock { $0.files } }
        set { state.withLock { $0.files = newValue } }
    }
    var faults: Faults {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }
    /// The time of the volume and of the log.
    var time: Int {
        get { state.withLock { $0.time } }
        set { state.withLock { $0.time = newValue } }
    }
    var synchronizations: Int { state.withLock { $0.synchronizations } }

    /// Says that a file has changed now.
    func touch(_ name: String) { state.withLock { $0.changed[name] = $0.time } }

    func names() throws(FileError) -> [String] { state.withLock { Array($0.files.keys) } }

    func contents(of name: String) throws(FileError) -> [UInt8]? { state.withLock { $0.files[name] } }

    func status(of name: String) -> (size: Int, changed: FeedbackTime)? {
        state.withLock { state in
            state.files[name].map { ($0.count, FeedbackTime(milliseconds: state.changed[name] ?? 0)) }
        }
    }

    func create(_ name: String) throws(FileError) -> any VolumeFile {
        let error = state.withLock { state -> Int32 in
            if state.faults.isReadOnly { return EROFS }
            if state.files[name] != nil { return EEXIST }
            (state.files[name], state.changed[name]) = ([], state.time)
            state.locked.insert(name)
            return 0
        }
        guard error == 0 else { throw FileError(path: name, action: .create, errno: error) }
        return MemoryFile(self, name)
    }

    func reopen(_ name: String) throws(FileError) -> (any VolumeFile)? {
        let isFree = state.withLock { $0.files[name] != nil && $0.locked.insert(name).inserted }
        return isFree ? MemoryFile(self, name) : nil
    }

    func remove(_ name: String) throws(FileError) { state.withLock { _ = $0.files.removeValue(forKey: name) } }

    /// An open file of the volume.
    private final class MemoryFile: VolumeFile {
        let volume: MemoryVolume
        let name: String
        var isSynchronized = false

        init(_ volume: MemoryVolume, _ name: String) { (self.volume, self.name) = (volume, name) }

        deinit { volume.state.withLock { _ = $0.locked.remove(name) } }

        var size: Int { volume.files[name]?.count ?? 0 }

        func append(_ bytes: [UInt8]) throws(FileError) {
            let error = volume.state.withLock { state -> Int32 in
                if isSynchronized, let error = state.faults.appending { return error }
                let taken = min(bytes.count, state.faults.space)
                state.files[name, default: []] += bytes.prefix(taken)
                state.changed[name] = state.time
                if state.faults.space != .max { state.faults.space -= taken }
                return taken < bytes.count ? ENOSPC : 0
            }
            guard error == 0 else { throw FileError(path: name, action: .write, errno: error) }
        }

        func synchronize() throws(FileError) {
            isSynchronized = true
            let error = volume.state.withLock { state -> Int32? in
                state.synchronizations += 1
                return state.faults.synchronizing.isEmpty ? nil : state.faults.synchronizing.removeFirst()
            }
            if let error { throw FileError(path: name, action: .store, errno: error) }
        }

        func truncate(to size: Int) throws(FileError) {
            guard volume.faults.cuts else { throw FileError(path: name, action: .write, errno: EIO) }
            volume.state.withLock { $0.files[name] = $0.files[name].map { Array($0.prefix(size)) } }
        }
    }
}

extension FeedbackLog {
    /// A log in a volume in memory, whose clocks are those of the volume.
    convenience init(_ volume: MemoryVolume, host: String = "a", _ options: FeedbackOptions = FeedbackOptions()) {
        self.init(
            volume, instance: FeedbackInstance(host: host, boot: "1"), options: options,
            now: { FeedbackTime(milliseconds: volume.time) }, steady: { volume.time })
    }

    /// Appends reports with these texts, and returns their names.
    @discardableResult
    func report(_ texts: String..., at time: Int? = nil) throws -> [FeedbackID] {
        let time = FeedbackTime(milliseconds: time ?? 1_790_000_000_000)
        let records = texts.map { text in
            FeedbackRecord(
                id: FeedbackID(time: time), time: time, content: .text(text), predicted: "positive", score: 0.5)
        }
        try append(records.map(FeedbackEntry.report))
        return records.map(\.id)
    }
}

extension FeedbackArchive {
    /// The texts of the reports.
    var texts: [String] {
        records.map { record in
            switch record.content {
            case .text(let text): text
            case .hash(let hash): hash
            }
        }
    }
}
