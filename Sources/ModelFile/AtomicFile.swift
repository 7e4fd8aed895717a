import Glibc

/// A file that appears under its name whole or not at all.
///
/// It has no name before `commit`, so that a process that is killed leaves nothing behind. Where the file system has no
/// files without a name it is written beside its place, under the name of a `.partial` one.
public struct AtomicFile: ~Copyable {
    private let path: String
    private let descriptor: Int32
    /// The name it has before its own; none until it is linked if it was opened without one.
    private let temporary: String
    private var hasName: Bool

    public init(path: String) throws(ModelFileError) {
        self.path = path
        temporary = "\(path).\(UInt64.random(in: 0...UInt64.max)).partial"
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let nameless = open(folder, Self.nameless | O_WRONLY | O_CLOEXEC, 0o644)
        hasName = nameless < 0
        descriptor = hasName ? open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644) : nameless
        guard descriptor >= 0 else {
            hasName = false
            throw .unwritable(path: path, operation: "create", errno: errno)
        }
    }

    /// `O_TMPFILE` of Linux, which is not imported: a flag of its own and that of a folder.
    private static let nameless = 0o20_000_000 | O_DIRECTORY

    public func append(_ bytes: [UInt8]) throws(ModelFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .unwritable(path: path, operation: "write", errno: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// What is appended next overwrites the start.
    func rewind() throws(ModelFileError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw .unwritable(path: path, operation: "seek in", errno: errno)
        }
    }

    /// Gives the file its name, in place of one that had it.
    public consuming func commit() throws(ModelFileError) {
        guard fsync(descriptor) == 0 else { throw .unwritable(path: path, operation: "sync", errno: errno) }
        if !hasName {
            guard linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0 else {
                throw .unwritable(path: path, operation: "name", errno: errno)
            }
            hasName = true
        }
        guard rename(temporary, path) == 0 else { throw .unwritable(path: path, operation: "rename", errno: errno) }
        hasName = false
    }

    deinit {
        close(descriptor)
        if hasName { unlink(temporary) }
    }
}
