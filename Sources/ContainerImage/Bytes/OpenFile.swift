import Foundation
import NIOCore

/// A regular file that is open for reading.
///
/// Several tasks may read it at once, each at its own offset. The file is closed when the last reference to it goes away.
final class OpenFile: Sendable {
    /// The path that the file was opened by.
    let path: String
    /// The size in bytes when the file was opened.
    let size: Int64
    /// Whether the owner, the group or others may execute the file.
    let isExecutable: Bool
    /// The number that the system knows the open file by.
    let descriptor: Int32

    /// Opens the file at `path`, or throws if it cannot be opened or is not a regular file.
    init(path: String) throws(ContainerImageError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, action: "open", reason: systemError()) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .file(path: path, action: "read", reason: "it is not a regular file")
        }
        self.path = path
        self.descriptor = descriptor
        size = Int64(status.st_size)
        isExecutable = status.st_mode & 0o111 != 0
    }

    /// Takes ownership of `descriptor`, an open file of `size` bytes.
    init(descriptor: Int32, path: String, size: Int64) {
        self.descriptor = descriptor
        self.path = path
        self.size = size
        isExecutable = false
    }

    deinit { close(descriptor) }

    /// Reads exactly `count` bytes, starting at `offset`.
    ///
    /// A file that has become shorter is an error, because its size may already have been written to a tar header.
    func read(_ count: Int, at offset: Int64) throws(ContainerImageError) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(count)
        while buffer.readableBytes < count {
            let position = offset + Int64(buffer.readableBytes)
            let missing = count - buffer.readableBytes
            let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: missing) {
                max(0, pread(descriptor, $0.baseAddress, missing, off_t(position)))
            }
            guard read > 0 else {
                throw .file(
                    path: path, action: "read",
                    reason: "it ends at byte \(position), but it had \(size) bytes when it was opened")
            }
        }
        return buffer
    }
}
