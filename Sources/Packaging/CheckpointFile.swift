import Files
import Foundation

/// Reads and writes the small files of a checkpoint.
enum CheckpointFile {
    /// The most bytes of a file.
    ///
    /// The largest vocabularies have tens of megabytes.
    static let limit = 1 << 28

    /// The start of a file that stands for another one.
    ///
    /// - Source: Git LFS Specification, "The Pointer".
    private static let lfsPointer = Array("version https://git-lfs.github.com/spec/".utf8)

    /// Whether there is a file or a folder at `path`.
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Checks that `path` names a file that can be read at once, and returns its size in bytes.
    ///
    /// - Throws: `PackagingError` if it is missing, is not a regular file, or is a pointer of Git LFS.
    @discardableResult
    static func check(_ path: String) throws -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw PackagingError.unreadable(
                path: path, reason: "the file does not exist, or you do not have permission to read it")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw PackagingError.unreadable(path: path, reason: "it is not a regular file")
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw PackagingError.unreadable(path: path, reason: "you do not have permission to read it")
        }
        let start = (try? handle.read(upToCount: lfsPointer.count)) ?? Data()
        guard !start.elementsEqual(lfsPointer) else { throw PackagingError.lfsPointer(path: path) }
        return Int(status.st_size)
    }

    /// Reads a file.
    ///
    /// - Parameter path: The file.
    /// - Returns: All of its bytes.
    /// - Throws: `PackagingError` if it cannot be read, or has more than `limit` bytes.
    static func bytes(_ path: String) throws -> [UInt8] {
        let size = try check(path)
        guard size <= limit else {
            throw PackagingError.malformed(path: path, reason: "has \(size) bytes, expected at most \(limit)")
        }
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: limit) else {
            throw PackagingError.unreadable(path: path, reason: "the system does not return its bytes")
        }
        return Array(data)
    }

    /// Writes a file, completely or not at all.
    ///
    /// - Parameters:
    ///   - bytes: All of its bytes.
    ///   - path: The file to create or replace.
    /// - Throws: `FileError` if it cannot be written.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try AtomicFile(path: path)
        try file.append(bytes)
        try file.commit()
    }

    /// Copies a file from one checkpoint to another one, if it is there.
    ///
    /// - Parameters:
    ///   - name: The name of the file, which may be in a folder inside the checkpoint.
    ///   - source: The folder of the checkpoint to read.
    ///   - folder: The folder of the checkpoint to write.
    /// - Throws: `PackagingError` if it cannot be read, and `FileError` if it cannot be written.
    static func copy(_ name: String, from source: String, to folder: String) throws {
        guard exists("\(source)/\(name)") else { return }
        if let parent = name.split(separator: "/").dropLast().first { try createFolder("\(folder)/\(parent)") }
        try write(bytes("\(source)/\(name)"), to: "\(folder)/\(name)")
    }
}
