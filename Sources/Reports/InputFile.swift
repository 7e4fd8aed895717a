import Foundation
import Glibc

/// A file that is read as a whole, up to a bound.
public enum InputFile {
    /// The largest file, in bytes.
    public static let largest = 512 << 20

    /// Reads a file.
    ///
    /// - Parameter path: The path of a file.
    /// - Returns: Its bytes.
    /// - Throws: `ReportError` if it is not a readable file, or is larger than ``largest``.
    public static func bytes(_ path: String) throws(ReportError) -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw ReportError(
                path, "cannot be read: \(String(cString: strerror(errno)))", "Check the path and its permissions.")
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw ReportError(path, "is a folder, but a file is expected", "Name a file in it.")
        }
        guard status.st_size <= largest else {
            throw ReportError(
                path, "has \(status.st_size) bytes, but at most \(largest) are read",
                "Divide it into several files.")
        }
        do { return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) } catch {
            throw ReportError(path, "cannot be read", "Check its permissions.")
        }
    }

    /// The lines of a text, without their ends, each with its number from 1.
    ///
    /// - Parameter bytes: The text, which may start with a byte order mark.
    /// - Returns: The lines that are not empty.
    public static func lines(_ bytes: [UInt8]) -> [(number: Int, bytes: ArraySlice<UInt8>)] {
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        return content.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            let line = line.last == 0x0D ? line.dropLast() : line
            return line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) ? nil : (index + 1, line)
        }
    }
}
