import Foundation
import NIOCore

/// A temporary file that never has a name: written once, then read.
///
/// The system removes it with the last reference to it, even if the process is killed.
final class SpoolFile {
    private let folder: String
    private let descriptor: Int32

    /// Creates an empty file in the folder `TMPDIR`, or in `/tmp` if that variable is not set.
    init() throws(ContainerImageError) {
        folder = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        let unnamed = open(folder, Self.unnamed | O_RDWR | O_CLOEXEC, 0o700)
        descriptor = unnamed >= 0 ? unnamed : Self.named(in: folder)
        guard descriptor >= 0 else {
            throw .file(path: folder, action: "create a temporary file in", reason: systemError())
        }
    }

    /// Linux's `O_TMPFILE`, which Glibc's module does not export.
    private static let unnamed = 0o20_000_000 | O_DIRECTORY

    /// A file that loses its name at once, for file systems without unnamed files.
    private static func named(in folder: String) -> Int32 {
        var template = Array("\(folder)/pinson-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        if descriptor >= 0 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            fchmod(descriptor, 0o700)
            unlink(template)
        }
        return descriptor
    }

    deinit { close(descriptor) }

    /// Writes `bytes` after those that were written before.
    func append(_ bytes: ByteBuffer) throws(ContainerImageError) {
        var rest = bytes
        while rest.readableBytes > 0 {
            let count = rest.readWithUnsafeReadableBytes { max(0, write(descriptor, $0.baseAddress, $0.count)) }
            guard count > 0 || errno == EINTR else {
                throw .file(path: folder, action: "write a temporary file in", reason: systemError())
            }
        }
    }

    /// Returns the file for reading.
    ///
    /// If `size` is larger than what was written, zeros follow, which take no space.
    ///
    /// The file is opened again for reading only, because the system does not run a program that is open for writing.
    func finished(size: Int64) throws(ContainerImageError) -> OpenFile {
        let reopened = open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
        guard reopened >= 0, ftruncate(descriptor, off_t(size)) == 0 else {
            throw .file(path: folder, action: "read a temporary file in", reason: systemError())
        }
        return OpenFile(descriptor: reopened, path: "a temporary file in \(folder)", size: size)
    }
}
