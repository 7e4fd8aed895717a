import NIOCore

/// Bytes that are taken from a reader in the sizes that a parser needs.
struct ByteStream {
    private let reopen: ((Int64) async throws -> Content.Reader)?
    private var reader: Content.Reader
    private var buffer = ByteBuffer()
    /// The number of bytes taken or skipped so far.
    private(set) var position: Int64 = 0

    /// A stream that reads every byte, including those that are skipped.
    init(_ reader: @escaping Content.Reader) {
        self.reader = reader
        reopen = nil
    }

    /// A stream that does not read long stretches that are skipped.
    init(_ content: Content) async throws {
        reader = try await content.reader()
        reopen = { try await content.reader(from: min($0, content.size)) }
    }

    /// Takes exactly `count` bytes, or returns nil if there are fewer.
    mutating func read(_ count: Int) async throws -> ByteBuffer? {
        while buffer.readableBytes < count {
            guard var more = try await reader() else { return nil }
            if buffer.readableBytes == 0 { buffer = more } else { buffer.writeBuffer(&more) }
        }
        position += Int64(count)
        return buffer.readSlice(length: count)
    }

    /// Takes between 1 and `count` bytes, or returns nil at the end.
    mutating func readSome(_ count: Int) async throws -> ByteBuffer? {
        while buffer.readableBytes == 0 {
            guard let more = try await reader() else { return nil }
            buffer = more
        }
        let length = min(count, buffer.readableBytes)
        position += Int64(length)
        return buffer.readSlice(length: length)
    }

    /// Takes `count` bytes, or all that are left if there are fewer.
    mutating func read(upTo count: Int) async throws -> ByteBuffer {
        var result = ByteBuffer()
        result.reserveCapacity(count)
        while result.readableBytes < count, var bytes = try await readSome(count - result.readableBytes) {
            result.writeBuffer(&bytes)
        }
        return result
    }

    /// Skips `count` bytes, or all that are left if there are fewer.
    mutating func skip(_ count: Int64) async throws {
        let target = position + count
        if let reopen, count > Int64(buffer.readableBytes + Content.chunk) {
            reader = try await reopen(target)
            (buffer, position) = (ByteBuffer(), target)
        }
        while position < target {
            guard try await readSome(Int(min(target - position, Int64(Content.chunk)))) != nil else { return }
        }
    }
}
