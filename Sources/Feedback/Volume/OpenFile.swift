import Files
import Glibc

/// A file of a folder, open for appending.
final class OpenFile: VolumeFile {
    private let descriptor: Int32
    private let path: String
    private(set) var size: Int

    init(_ descriptor: Int32, path: String, size: Int) {
        (self.descriptor, self.path, self.size) = (descriptor, path, size)
    }

    deinit { close(descriptor) }

    func append(_ bytes: [UInt8]) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw FileError(path: path, action: .write, errno: errno) }
            size += count
            rest = rest.dropFirst(count)
        }
    }

    func synchronize() throws(FileError) {
        guard fdatasync(descriptor) == 0 else { throw FileError(path: path, action: .store, errno: errno) }
    }

    func truncate(to size: Int) throws(FileError) {
        guard ftruncate(descriptor, size) == 0 else { throw FileError(path: path, action: .write, errno: errno) }
        self.size = size
    }
}
