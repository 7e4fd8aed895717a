public import Files
import Foundation
import Glibc
import JSON
public import Reports

/// The file that keeps every decision: JSON Lines, to which lines are only added.
///
/// A decision is on the disk before ``append(_:)`` returns. Several processes may add to the same journal. A line that was
/// cut when a process was killed is left out, and stays alone on its line.
public struct Journal: Sendable {
    /// The path of the file.
    public let path: String

    /// The longest line, in bytes: a report has at most 64 KiB, which JSON may write in six times as many bytes.
    static let longestLine = 1 << 20

    /// Names a journal, which need not exist yet.
    ///
    /// - Parameter path: The path of the file.
    public init(path: String) { self.path = path }

    /// Reads all lines.
    ///
    /// - Returns: What the lines say, in their order, and the numbers of the lines that are damaged.
    /// - Throws: `ReportError` if the file exists and cannot be read.
    public func read() throws(ReportError) -> (lines: [JournalLine], damaged: [Int]) {
        guard access(path, F_OK) == 0 else { return ([], []) }
        var lines: [JournalLine] = []
        var damaged: [Int] = []
        for (number, bytes) in InputFile.lines(try InputFile.bytes(path)) {
            if bytes.count <= Self.longestLine, let json = try? JSON(parsing: bytes),
                let line = JournalLine(json)
            {
                lines.append(line)
            } else {
                damaged.append(number)
            }
        }
        return (lines, damaged)
    }

    /// Adds lines, and waits until they are on the disk.
    ///
    /// - Parameter lines: What the lines say.
    /// - Throws: `FileError` if the system does not take them. Then none of them counts.
    public func append(_ lines: [JournalLine]) throws(FileError) {
        guard !lines.isEmpty else { return }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileError(path: path, action: .create, errno: errno) }
        defer { close(file) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileError(path: path, action: .write, errno: errno) }
        }
        let end = lseek(file, 0, SEEK_END)
        var writer = JSONWriter()
        for line in lines {
            writer.value(line.json)
            writer.endLine()
        }
        var bytes = writer.bytes
        // What a killed process has begun to write becomes a line of its own.
        if end > 0 {
            var last: UInt8 = 0
            guard pread(file, &last, 1, end - 1) == 1 else {
                throw FileError(path: path, action: .read, errno: errno)
            }
            if last != 0x0A { bytes.insert(0x0A, at: 0) }
        }
        do throws(FileError) { try write(bytes, to: file) } catch {
            // A line that is there in part must not become whole later.
            _ = ftruncate(file, end)
            throw error
        }
    }

    private func write(_ bytes: [UInt8], to file: Int32) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(path: path, action: .write, errno: errno) }
            rest = rest.dropFirst(count)
        }
        guard fsync(file) == 0 else { throw FileError(path: path, action: .store, errno: errno) }
    }
}
