import Foundation

/// A file or standard input, from which bytes are read as they become available.
final class ByteSource {
    /// The name of the data in error messages.
    let name: String
    /// The size of a regular file in bytes; nil for standard input, pipes and devices.
    let size: Int?
    private let descriptor: Int32

    /// The largest number of bytes that one read returns.
    static let chunk = 1 << 16

    /// Opens a file.
    ///
    /// - Parameter path: a path, or `-` for standard input.
    /// - Throws: `DataError.unreadable` if the path does not name a readable file.
    init(path: String) throws(DataError) {
        guard path != "-" else {
            (name, size, descriptor) = ("standard input", nil, STDIN_FILENO)
            return
        }
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else {
            throw DataError.unreadable(
                path: path,
                reason: errno == ENOENT
                    ? "the file does not exist" : "the file cannot be opened; check its permissions")
        }
        var status = stat()
        _ = fstat(file, &status)
        guard status.st_mode & S_IFMT != S_IFDIR else {
            close(file)
            throw DataError.unreadable(path: path, reason: "it is a folder, but a file is expected")
        }
        name = path
        size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
        descriptor = file
    }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

    /// Whether a read returns at once, because there are bytes or because the data has ended.
    var isReady: Bool { poll(timeout: 0) }

    /// Appends the bytes that are available, and waits for the first one if there is none.
    ///
    /// - Parameter buffer: receives at most `chunk` bytes.
    /// - Returns: the number of bytes, which is 0 at the end of the data.
    /// - Throws: `DataError.unreadable` if the system refuses to read.
    func read(into buffer: inout [UInt8]) throws(DataError) -> Int {
        let start = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: Self.chunk))
        while true {
            let count = buffer.withUnsafeMutableBytes { bytes in
                Foundation.read(
                    descriptor, UnsafeMutableRawBufferPointer(rebasing: bytes[start...]).baseAddress, Self.chunk)
            }
            if count >= 0 {
                buffer.removeLast(Self.chunk - count)
                return count
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: _ = poll(timeout: -1)
            case EBADF where descriptor == STDIN_FILENO:
                throw DataError.unreadable(path: name, reason: "it is closed")
            default: throw DataError.unreadable(path: name, reason: String(cString: strerror(errno)))
            }
        }
    }

    /// Waits for bytes, or for the end of the data, at most `timeout` milliseconds, or forever if it is negative.
    private func poll(timeout: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Foundation.poll(&request, 1, timeout) != 0
    }
}
