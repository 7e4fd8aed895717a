import Foundation

/// The bytes of a file or of standard input, in chunks, with the line they stand on.
struct ByteReader {
    /// The line of the next byte, from 1.
    private(set) var line = 1
    private let path: String
    private let handle: FileHandle
    private var chunk: [UInt8] = []
    private var position = 0
    /// Bytes read into chunks so far, and in all.
    private var offset = 0
    private var size: Int?

    static let chunkSize = 1 << 16

    init(path: String) throws {
        self.path = path
        if path == "-" {
            handle = .standardInput
        } else {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw DataError.unreadable(path: path, reason: "there is no such file")
            }
            guard !isFolder.boolValue else { throw DataError.unreadable(path: path, reason: "it is a folder") }
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw DataError.unreadable(path: path, reason: "it may not be read")
            }
            self.handle = handle
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            if attributes?[.type] as? FileAttributeType == .typeRegular { size = attributes?[.size] as? Int }
        }
        if try peek() == 0xEF, chunk.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

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

    mutating func next() throws -> UInt8? {
        guard let byte = try peek() else { return nil }
        position += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
        return byte
    }

    /// How much of a file has been read, from 0 to 1; nil if its length is not known.
    var share: Double? {
        guard let size, size > 0 else { return nil }
        return min(1, Double(offset - chunk.count + position) / Double(size))
    }

    /// Skips line breaks that end no line.
    mutating func skipEmptyLines() throws {
        while let byte = try peek(), byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { _ = try next() }
    }

    /// The bytes up to the next line feed, without it; nil at the end.
    mutating func readLine() throws -> [UInt8]? {
        guard try peek() != nil else { return nil }
        var content: [UInt8] = []
        while let byte = try next(), byte != UInt8(ascii: "\n") { content.append(byte) }
        return content
    }
}
