import Foundation
import NIOCore

/// A temporary file without a name: written once, then read.
///
/// The file takes space on the disk until the last reference to it goes away, even if the process is killed.
final class SpoolFile {
    private let path: String
    private let descriptor: Int32
    private var isTaken = false

    /// Creates an empty file in the folder `TMPDIR`, or in `/tmp` if that variable is not set.
    init() throws(ContainerImageError) {
        let folder = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(folder)/pinson-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard descriptor >= 0 else {
            throw .file(path: folder, action: "create a temporary file in", reason: systemError())
        }
        unlink(path)
    }

    deinit { if !isTaken { close(descriptor) } }

    /// Writes `bytes` after those that were written before.
    func append(_ bytes: ByteBuffer) throws(ContainerImageError) {
        var rest = bytes
        while rest.readableBytes > 0 {
            let count = rest.readWithUnsafeReadableBytes { max(0, write(descriptor, $0.baseAddress, $0.count)) }
            guard count > 0 || errno == EINTR else { throw .file(path: path, action: "write", reason: systemError()) }
        }
    }

    /// Ends writing, and returns the file for reading.
    func finished(size: Int64) -> OpenFile {
        isTaken = true
        return OpenFile(descriptor: descriptor, path: path, size: size)
    }
}
