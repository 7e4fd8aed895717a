import Glibc
import NIOCore

/// A part of a file in small pieces, so that a large file is never in memory as a whole.
struct FilePart: AsyncSequence, Sendable {
    /// An open file, which is closed with the last reference to it.
    private final class Descriptor: Sendable {
        let number: Int32
        init(_ number: Int32) { self.number = number }
        deinit { close(number) }
    }

    private let path: String
    private let file: Descriptor
    private let range: Range<Int64>

    /// Opens a file.
    init(_ path: String, offset: Int64, size: Int64) throws(TrackingError) {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw .file(path: path, action: "open", reason: String(cString: strerror(errno))) }
        self.path = path
        file = Descriptor(number)
        range = offset..<offset + size
    }

    func makeAsyncIterator() -> Iterator { Iterator(part: self, position: range.lowerBound) }

    /// The size of a regular file.
    static func size(of path: String) throws(TrackingError) -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .file(path: path, action: "open", reason: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .file(path: path, action: "read", reason: "it is not a regular file")
        }
        return Int64(status.st_size)
    }

    struct Iterator: AsyncIteratorProtocol {
        let part: FilePart
        var position: Int64

        mutating func next() async throws -> ByteBuffer? {
            guard position < part.range.upperBound else { return nil }
            let count = Int(Swift.min(part.range.upperBound - position, 128 << 10))
            var buffer = ByteBufferAllocator().buffer(capacity: count)
            let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) {
                Swift.max(0, pread(part.file.number, $0.baseAddress, count, off_t(position)))
            }
            guard read > 0 else {
                throw TrackingError.file(path: part.path, action: "read", reason: "it has become shorter")
            }
            position += Int64(read)
            return buffer
        }
    }
}
