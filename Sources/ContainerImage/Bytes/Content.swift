public import NIOCore

/// A sequence of bytes whose size is known: a file, a part of a file, a buffer, or a blob in a registry.
///
/// The bytes are read in chunks and never held in memory as a whole. They can be read as often as needed.
public struct Content: Sendable {
    /// Returns the next chunk, or nil at the end.
    typealias Reader = () async throws -> ByteBuffer?

    /// The number of bytes.
    public let size: Int64
    private let open: @Sendable (_ offset: Int64) async throws -> Reader

    /// The largest size of a chunk, in bytes, where this room chooses it.
    static let chunk = 1 << 18

    /// Content of `size` bytes; `open` starts reading at an offset.
    init(size: Int64, open: @escaping @Sendable (_ offset: Int64) async throws -> Reader) {
        self.size = size
        self.open = open
    }

    /// The readable bytes of a buffer.
    public init(_ bytes: ByteBuffer) {
        self.init(size: Int64(bytes.readableBytes)) { offset in
            var rest: ByteBuffer? = bytes.getSlice(
                at: bytes.readerIndex + Int(offset), length: bytes.readableBytes - Int(offset))
            return {
                defer { rest = nil }
                return rest
            }
        }
    }

    /// The bytes of a file as it is now.
    ///
    /// The file stays open. If another file later replaces it under the same path, the old bytes are still read.
    ///
    /// - Parameter path: The path of a regular file.
    /// - Throws: `ContainerImageError.file` if the file cannot be opened or is not a regular file.
    public init(file path: String) throws(ContainerImageError) { self.init(try OpenFile(path: path)) }

    /// All bytes of an open file.
    init(_ file: OpenFile) { self.init(file, 0..<file.size) }

    /// A part of an open file.
    init(_ file: OpenFile, _ range: Range<Int64>) {
        self.init(size: Int64(range.count)) { offset in
            var position = range.lowerBound + offset
            return {
                guard position < range.upperBound else { return nil }
                let bytes = try file.read(Int(Swift.min(Int64(Self.chunk), range.upperBound - position)), at: position)
                position += Int64(bytes.readableBytes)
                return bytes
            }
        }
    }

    /// The bytes of all `parts`, one part after the other.
    init(joining parts: [Content]) {
        self.init(size: parts.reduce(0) { $0 + $1.size }) { offset in
            var (index, offset) = (0, offset)
            while index < parts.count, offset >= parts[index].size {
                offset -= parts[index].size
                index += 1
            }
            var reader: Reader?
            return {
                while index < parts.count {
                    if reader == nil { reader = try await parts[index].reader(from: offset) }
                    if let bytes = try await reader?() { return bytes }
                    (reader, index, offset) = (nil, index + 1, 0)
                }
                return nil
            }
        }
    }

    /// Starts to read at `offset`.
    func reader(from offset: Int64 = 0) async throws -> Reader { try await open(offset) }
}
