import Glibc

/// The bytes of a file, mapped into memory, or read into memory where the file system cannot map files.
///
/// The class is `@unchecked Sendable` because it holds a pointer. Sharing it is safe, because nothing writes through
/// the pointer, and the bytes stay in place until the last reference is gone.
final class Mapping: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    let isMapped: Bool

    /// Maps the file at `path`, or reads it if it cannot be mapped.
    ///
    /// - Parameters:
    ///   - path: A regular file that is not empty.
    ///   - map: Pass false to read the file as if mapping had failed.
    /// - Throws: `ModelFileError` if the file cannot be read, is empty, or is not a regular file.
    init(path: String, map: Bool = true) throws(ModelFileError) {
        // Opening a pipe or a device could wait forever, so it does not wait. This makes no difference to a regular file.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else {
            if errno == ENXIO { throw .notAFile(path: path) }  // It is a socket, or a device that is not there.
            throw .unreadable(path: path, operation: "open", errno: errno)
        }
        defer { close(file) }

        var status = stat()
        guard fstat(file, &status) == 0 else { throw .unreadable(path: path, operation: "stat", errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        let size = Int(status.st_size)
        guard size > 0 else { throw .empty(path: path) }

        if map, let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), address != MAP_FAILED {
            madvise(address, size, MADV_WILLNEED)  // The disk starts to read while the program goes on.
            bytes = UnsafeRawBufferPointer(start: address, count: size)
            isMapped = true
        } else {
            bytes = try Self.read(file, size: size, path: path)
            isMapped = false
        }
    }

    private static func read(_ file: Int32, size: Int, path: String) throws(ModelFileError) -> UnsafeRawBufferPointer {
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: ModelFile.pageSize)
        var filled = 0
        while filled < size {
            let count = pread(file, buffer + filled, size - filled, off_t(filled))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let error = count == 0 ? EIO : errno  // 0 means that the file became shorter while it was read.
                buffer.deallocate()
                throw .unreadable(path: path, operation: "read", errno: error)
            }
            filled += count
        }
        return UnsafeRawBufferPointer(start: buffer, count: size)
    }

    deinit {
        if isMapped {
            munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        } else {
            bytes.deallocate()
        }
    }
}
