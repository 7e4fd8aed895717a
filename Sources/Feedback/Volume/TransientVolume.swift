public import Files
import Glibc
import Synchronization

/// A volume in the memory of the process, for those who have no other one.
///
/// It ends with the process.
public final class TransientVolume: Volume {
    private struct State {
        var files: [String: [UInt8]] = [:]
        var changed: [String: FeedbackTime] = [:]
    }

    private let state = Mutex(State())

    /// Creates an empty volume.
    public init() {}

    /// No file is written again as a whole.
    public var rewritesWholeFiles: Bool { false }

    /// The names of all files.
    ///
    /// - Returns: The names.
    public func names() -> [String] { state.withLock { Array($0.files.keys) } }

    /// All bytes of a file.
    ///
    /// - Parameter name: The name of the file.
    /// - Returns: The bytes, or nil if the file does not exist.
    public func contents(of name: String) -> [UInt8]? { state.withLock { $0.files[name] } }

    /// The size and the time of the last change of a file.
    ///
    /// - Parameter name: The name of the file.
    /// - Returns: The size in bytes and the time, or nil if the file does not exist.
    public func status(of name: String) -> (size: Int, changed: FeedbackTime)? {
        state.withLock { state in state.files[name].map { ($0.count, state.changed[name] ?? .now) } }
    }

    /// Creates a file that does not exist yet.
    ///
    /// - Parameter name: The name of the file.
    /// - Returns: The file.
    /// - Throws: `FileError` if the file exists.
    public func create(_ name: String) throws(FileError) -> any VolumeFile {
        let isNew = state.withLock { state in
            guard state.files[name] == nil else { return false }
            (state.files[name], state.changed[name]) = ([], .now)
            return true
        }
        guard isNew else { throw FileError(path: name, action: .create, errno: EEXIST) }
        return File(self, name)
    }

    /// Opens a file for more bytes.
    ///
    /// - Parameter name: The name of the file.
    /// - Returns: Nil, because this process has all files.
    public func reopen(_ name: String) -> (any VolumeFile)? { nil }

    /// Deletes a file, if it exists.
    ///
    /// - Parameter name: The name of the file.
    public func remove(_ name: String) {
        state.withLock { state in (state.files[name], state.changed[name]) = (nil, nil) }
    }

    private final class File: VolumeFile {
        private let volume: TransientVolume
        private let name: String

        init(_ volume: TransientVolume, _ name: String) { (self.volume, self.name) = (volume, name) }

        var size: Int { volume.contents(of: name)?.count ?? 0 }

        func append(_ bytes: [UInt8]) {
            volume.state.withLock { state in
                state.files[name, default: []] += bytes
                state.changed[name] = .now
            }
        }

        func synchronize() {}

        func truncate(to size: Int) {
            volume.state.withLock { state in state.files[name] = state.files[name].map { Array($0.prefix(size)) } }
        }
    }
}
