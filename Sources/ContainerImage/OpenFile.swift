import Foundation
import NIOCore

/// A file that is open for reading, by anyone and at any offset; closed when nobody holds it any more.
final class OpenFile: Sendable {
    let path: String
    let size: Int64
    /// By anybody, whoever asks.
    let isExecutable: Bool
    private let descriptor: Int32

    init(path: String) throws(ContainerImageError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, action: "open", reason: systemError()) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .file(path: path, action: "read", reason: "it is no regular file")
        }
        self.path = path
        self.descriptor = descriptor
        size = Int64(status.st_size)
        isExecutable = status.st_mode & 0o111 != 0
    }

    /// Takes over `descriptor`, a file that has been written.
    init(descriptor: Int32, path: String, size: Int64) {
        self.descriptor = descriptor
        self.path = path
        self.size = size
        isExecutable = false
    }

    deinit { close(descriptor) }

    /// `count` bytes from `offset` on; a shorter file is an error, as its header has already been written.
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
                    path: path, action: "read", reason: "it ends at byte \(position), it had \(size) when opened")
            }
        }
        return buffer
    }
}

/// What errno says.
func systemError() -> String { String(cString: strerror(errno)) }
