import Glibc

/// A file that appears under its name completely, or not at all.
///
/// The file has no name until ``commit()``, so a process that is killed leaves nothing behind. On file systems without
/// unnamed files, it is written next to its destination with the suffix `.partial`. If the destination is a symbolic
/// link, the file that the link points to is replaced. Devices and pipes are written to directly.
public struct AtomicFile: ~Copyable {
    private let path: String
    private let descriptor: Int32
    /// The name that the file has before it gets its own.
    private let temporary: String
    private var hasTemporaryName: Bool
    private let isSpecial: Bool

    /// Opens a new, empty file that will replace the file at `path`.
    ///
    /// - Parameter path: The destination. Its folder must exist.
    /// - Throws: `FileError` if the file cannot be created.
    public init(path: String) throws(FileError) {
        let destination = Self.resolved(path)
        self.path = destination
        temporary = "\(destination).\(UInt64.random(in: 0...UInt64.max)).partial"
        isSpecial = Self.isSpecial(destination)
        if isSpecial {
            hasTemporaryName = false
            descriptor = open(destination, O_WRONLY | O_CLOEXEC)
        } else {
            let folder = destination.lastIndex(of: "/").map { String(destination[...$0]) } ?? "."
            let unnamed = open(folder, Self.unnamed | O_WRONLY | O_CLOEXEC, 0o644)
            hasTemporaryName = unnamed < 0
            descriptor = unnamed < 0 ? open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644) : unnamed
        }
        guard descriptor >= 0 else {
            hasTemporaryName = false
            throw FileError(path: path, action: .create, errno: errno)
        }
    }

    /// Linux's `O_TMPFILE`, which Glibc's module does not export.
    private static let unnamed = 0o20_000_000 | O_DIRECTORY

    /// The file that `path` points to if it is a symbolic link, or `path` itself.
    private static func resolved(_ path: String) -> String {
        guard let target = realpath(path, nil) else { return path }
        defer { free(target) }
        return String(cString: target)
    }

    private static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
    }

    /// Writes `bytes` after those that were written before.
    ///
    /// - Parameter bytes: The bytes to write.
    /// - Throws: `FileError` if the system does not take all of them, for example because the disk is full.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw FileError(path: path, action: .write, errno: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes `bytes` after those that were written before.
    ///
    /// - Parameter bytes: The bytes to write.
    /// - Throws: `FileError` if the system does not take all of them, for example because the disk is full.
    public func append(_ bytes: [UInt8]) throws(FileError) {
        let result = bytes.withUnsafeBytes { buffer in Result { () throws(FileError) in try append(buffer) } }
        try result.get()
    }

    /// Moves to the start of the file, so that the next bytes overwrite the first ones.
    ///
    /// - Throws: `FileError` if the file cannot be rewound, for example because it is a pipe.
    public func rewind() throws(FileError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileError(path: path, action: .rewind, errno: errno) }
    }

    /// Gives the file its name, replacing any file that had it, after all bytes have reached the disk.
    ///
    /// - Throws: `FileError` if the bytes cannot be stored or the name cannot be given. The old file is still there then.
    public consuming func commit() throws(FileError) {
        guard !isSpecial else { return }
        guard fsync(descriptor) == 0 else { throw FileError(path: path, action: .store, errno: errno) }
        // Only a link gives a name to an unnamed file, and only a rename replaces a file, so both are needed.
        if !hasTemporaryName {
            guard linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0 else {
                throw FileError(path: path, action: .name, errno: errno)
            }
            hasTemporaryName = true
        }
        guard rename(temporary, path) == 0 else { throw FileError(path: path, action: .name, errno: errno) }
        hasTemporaryName = false
    }

    deinit {
        close(descriptor)
        if hasTemporaryName { unlink(temporary) }
    }
}
