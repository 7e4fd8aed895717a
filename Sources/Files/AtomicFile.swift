import Glibc

/// A file that appears under its name completely, or not at all.
///
/// The file has no name until ``commit()``, so a process that is killed leaves nothing behind. On file systems without
/// unnamed files, it is written next to its destination with the suffix `.partial`. If the destination is a symbolic
/// link, the file that the link points to is replaced. Devices and pipes are written to directly.
public struct AtomicFile: ~Copyable {
    /// The path that the caller gave, for errors.
    private let path: String
    /// The file that is created or replaced.
    private let destination: String
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
        self.path = path
        self.destination = destination
        temporary = "\(destination).\(UInt64.random(in: 0...UInt64.max)).partial"
        var status = stat()
        let kind = stat(destination, &status) == 0 ? status.st_mode & S_IFMT : S_IFREG
        isSpecial = kind != S_IFREG
        hasTemporaryName = false
        if isSpecial {
            descriptor = open(destination, O_WRONLY | O_CLOEXEC)  // A folder cannot be opened for writing.
        } else {
            let folder = Self.folder(of: destination) ?? "."
            let unnamed = open(folder, Self.unnamed | O_WRONLY | O_CLOEXEC, 0o644)
            if unnamed >= 0 {
                descriptor = unnamed
            } else {
                descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
                hasTemporaryName = descriptor >= 0
            }
        }
        guard descriptor >= 0 else { throw FileError(path: path, action: .create, errno: errno) }
    }

    /// Linux's `O_TMPFILE`, which Glibc's module does not export.
    private static let unnamed = 0o20_000_000 | O_DIRECTORY

    /// The file that `path` points to if it is a symbolic link, or `path` itself.
    ///
    /// A link may point to a file that does not exist yet.
    private static func resolved(_ path: String) -> String {
        if let target = realpath(path, nil) {
            defer { free(target) }
            return String(cString: target)
        }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard readlink(path, &buffer, buffer.count - 1) > 0 else { return path }
        let target = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return target.utf8.first == UInt8(ascii: "/") ? target : (folder(of: path) ?? "") + target
    }

    /// The part of `path` up to its last slash, or nil if it has none.
    ///
    /// Bytes are compared, because a combining mark after a slash forms one character with it.
    private static func folder(of path: String) -> String? {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path.utf8[...$0]) ?? path }
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
    /// - Throws: `FileError` if the bytes cannot be stored or the name cannot be given. Then the old file is kept.
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
        guard rename(temporary, destination) == 0 else { throw FileError(path: path, action: .name, errno: errno) }
        hasTemporaryName = false
    }

    deinit {
        close(descriptor)
        if hasTemporaryName { unlink(temporary) }
    }
}
