public import NIOCore

/// The bytes of a blob, wherever they are: read in chunks, as often as wanted, never held whole.
public struct Content: Sendable {
    /// Gives the next chunk, nil at the end.
    typealias Reader = () async throws -> ByteBuffer?

    /// Bytes.
    public let size: Int64
    private let open: @Sendable (_ offset: Int64) async throws -> Reader

    /// Bytes a chunk has at most, when we choose.
    static let chunk = 1 << 18

    /// - Parameter open: starts to read at an offset.
    init(size: Int64, open: @escaping @Sendable (_ offset: Int64) async throws -> Reader) {
        self.size = size
        self.open = open
    }

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

    init(_ file: OpenFile) { self.init(file, 0..<file.size) }

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

    /// A file's bytes, as it is now: one that is replaced later is read as it was.
    public init(file path: String) throws(ContainerImageError) { self.init(try OpenFile(path: path)) }

    /// One after the other.
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

    func reader(from offset: Int64 = 0) async throws -> Reader { try await open(offset) }

    /// The same bytes, an error at the end if they are others than `descriptor` says.
    func verified(_ descriptor: Descriptor) -> Content {
        Content(size: descriptor.size) { offset in
            let reader = try await open(offset)
            guard offset == 0 else { return reader }  // a part has no digest
            var hasher = Digest.Hasher()
            return {
                if let bytes = try await reader() {
                    hasher.update(bytes)
                    guard hasher.count <= descriptor.size else { throw mismatch("more than \(descriptor.size) bytes") }
                    return bytes
                }
                guard hasher.count == descriptor.size else { throw mismatch("\(hasher.count) bytes") }
                let digest = hasher.finish()
                guard digest == descriptor.digest else { throw mismatch("\(digest)") }
                return nil
            }
            func mismatch(_ found: String) -> ContainerImageError {
                .mismatch(
                    what: "blob \(descriptor.digest)", found: found, expected: "\(descriptor.size) bytes of that digest"
                )
            }
        }
    }

    /// All of it, refused above `limit` bytes.
    func collect(upTo limit: Int, named name: String) async throws -> ByteBuffer {
        guard size <= limit else {
            throw ContainerImageError.invalid(
                what: name, reason: "it has \(size) bytes, at most \(limit) are read",
                advice: "It is no image document.")
        }
        var all = ByteBuffer()
        let reader = try await reader()
        while var bytes = try await reader() { all.writeBuffer(&bytes) }
        return all
    }

    /// The digest of all of it.
    public func digest() async throws -> Digest {
        var hasher = Digest.Hasher()
        let reader = try await reader()
        while let bytes = try await reader() { hasher.update(bytes) }
        return hasher.finish()
    }
}

extension Content: AsyncSequence {
    public typealias Element = ByteBuffer

    public struct AsyncIterator: AsyncIteratorProtocol {
        let content: Content
        var reader: Reader?

        public mutating func next() async throws -> ByteBuffer? {
            if reader == nil { reader = try await content.reader() }
            return try await reader?()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(content: self) }
}

/// Hashes what goes through it.
final class HashingReader {
    private let reader: Content.Reader
    private(set) var hasher = Digest.Hasher()

    init(_ reader: @escaping Content.Reader) { self.reader = reader }

    func read() async throws -> ByteBuffer? {
        guard let bytes = try await reader() else { return nil }
        hasher.update(bytes)
        return bytes
    }
}
