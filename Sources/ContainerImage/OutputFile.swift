import Foundation
import NIOCore

/// A file that appears under its name whole, or not at all.
///
/// It has no name before `commit`, so whoever is interrupted leaves nothing behind; where the file system has no files
/// without a name, it is written beside its place.
public final class OutputFile {
    private let path: String
    /// A device or a pipe is written to as it is.
    private let isSpecial: Bool
    private let temporary: String
    private let descriptor: Int32
    private var hasName: Bool

    /// `O_TMPFILE` of Linux, which is not imported.
    private static let nameless: Int32 = 0o20_000_000 | O_DIRECTORY

    init(path: String) throws(ContainerImageError) {
        // The file behind a link is replaced, not the link.
        let path = (path as NSString).resolvingSymlinksInPath
        self.path = path
        var status = stat()
        isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        if isSpecial {
            (temporary, hasName) = ("", false)
            descriptor = open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .file(path: path, action: "write", reason: systemError()) }
            return
        }
        temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).partial"
        let folder = (path as NSString).deletingLastPathComponent
        let anonymous = open(folder.isEmpty ? "." : folder, Self.nameless | O_WRONLY | O_CLOEXEC, 0o644)
        hasName = anonymous < 0
        descriptor = hasName ? open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644) : anonymous
        guard descriptor >= 0 else {
            hasName = false
            throw .file(path: path, action: "write", reason: systemError())
        }
    }

    deinit {
        close(descriptor)
        if hasName { unlink(temporary) }
    }

    func write(_ bytes: ByteBuffer) throws(ContainerImageError) { try writeAll(bytes, to: descriptor, path: path) }

    /// Gives it its name, in place of what had it.
    func commit() throws(ContainerImageError) {
        guard !isSpecial else { return }
        // Only renaming replaces, and only linking names what has no name: so both.
        if !hasName {
            guard linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0 else {
                throw .file(path: path, action: "write", reason: systemError())
            }
            hasName = true
        }
        guard rename(temporary, path) == 0 else { throw .file(path: path, action: "write", reason: systemError()) }
        hasName = false
    }

    /// Writes all of `content` to `path`.
    public static func write(_ content: Content, to path: String) async throws {
        let file = try OutputFile(path: path)
        for try await bytes in content { try file.write(bytes) }
        try file.commit()
    }
}
