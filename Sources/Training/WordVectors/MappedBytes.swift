import Foundation

/// The bytes of a file that is larger than what one wants to have in memory: the system reads them when they are used.
///
/// The class is `@unchecked Sendable` because it holds a pointer. Nothing writes through it, and the bytes stay in place
/// until the last reference is gone.
final class MappedBytes: @unchecked Sendable {
    let bytes: UnsafeBufferPointer<UInt8>

    /// Maps a file.
    ///
    /// - Parameter path: A regular file that is not empty.
    /// - Throws: `VectorFileError.unreadable` if the file cannot be mapped.
    init(path: String) throws(VectorFileError) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(
                path: path, reason: "it is not a regular file. Give a file on a disk, not a pipe or a folder")
        }
        let size = Int(status.st_size)
        guard size > 0 else { throw .unreadable(path: path, reason: "it is empty") }
        guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), address != MAP_FAILED else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        madvise(address, size, MADV_SEQUENTIAL)
        bytes = UnsafeBufferPointer(start: address.assumingMemoryBound(to: UInt8.self), count: size)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
