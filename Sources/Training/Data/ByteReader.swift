import Foundation

/// Reads a file or standard input byte by byte and counts its lines.
///
/// Memory is bounded by one chunk of `chunkSize` bytes. A UTF-8 byte order mark at the start is skipped.
struct ByteReader {
    /// The line of the next byte, counted from 1.
    private(set) var line = 1
    private let path: String
    private let handle: FileHandle
    private var chunk: [UInt8] = []
    /// The index of the next byte in `chunk`.
    private var position = 0
    /// The number of bytes in all chunks read so far, including the current one.
    private var offset = 0
    /// The size of a regular file in bytes; nil for standard input, pipes and devices.
    private var size: Int?

    static let chunkSize = 1 << 16

    /// Opens a file.
    ///
    /// - Parameter path: a path, or `-` for standard input.
    /// - Throws: `DataError.unreadable` if the path does not name a readable file.
    init(path: String) throws {
        self.path = path
        if path == "-" {
            handle = .standardInput
        } else {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw DataError.unreadable(path: path, reason: "the file does not exist")
            }
            guard !isFolder.boolValue else {
                throw DataError.unreadable(path: path, reason: "it is a folder, but a file is expected")
            }
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw DataError.unreadable(path: path, reason: "the file cannot be opened; check its permissions")
            }
            self.handle = handle
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            if attributes?[.type] as? FileAttributeType == .typeRegular { size = attributes?[.size] as? Int }
        }
        if try peek() == 0xEF, chunk.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Returns the next byte and leaves it in place, or returns nil at the end.
    mutating func peek() throws -> UInt8? {
        if position == chunk.count {
            do {
                chunk = Array(try handle.read(upToCount: Self.chunkSize) ?? Data())
            } catch {
                throw DataError.unreadable(path: path, reason: error.localizedDescription)
            }
            position = 0
            offset += chunk.count
        }
        return position < chunk.count ? chunk[position] : nil
    }

    /// Returns the next byte and moves past it, or returns nil at the end.
    mutating func next() throws -> UInt8? {
        guard let byte = try peek() else { return nil }
        position += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
        return byte
    }

    /// The part of the file that has been read, from 0 to 1; nil if its size is not known.
    var share: Double? {
        guard let size, size > 0 else { return nil }
        return min(1, Double(offset - chunk.count + position) / Double(size))
    }

    /// Moves past line feeds and carriage returns, and so past lines that contain nothing.
    mutating func skipEmptyLines() throws {
        while let byte = try peek(), byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { _ = try next() }
    }

    /// Returns the bytes up to the next line feed, without it, or nil at the end.
    mutating func readLine() throws -> [UInt8]? {
        guard try peek() != nil else { return nil }
        var content: [UInt8] = []
        while let byte = try next(), byte != UInt8(ascii: "\n") { content.append(byte) }
        return content
    }
}
