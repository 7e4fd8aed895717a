import NIOCore

/// Reads a tar entry by entry.
struct TarReader {
    private var bytes: ByteStream
    private let name: String
    /// The bytes of the current entry that have not been read yet, including its padding.
    private var rest: Int64 = 0
    /// The same without the padding.
    private var content: Int64 = 0
    /// Whether the block of zeros that ends a tar has been read, which means that the tar was not cut short.
    private(set) var hasEnd = false

    /// The largest number of extended headers before an entry.
    ///
    /// One or two are usual.
    private static let longestPrelude = 16

    /// Reads the tar in `bytes`; `name` is for errors.
    init(_ bytes: ByteStream, named name: String) {
        self.bytes = bytes
        self.name = name
    }

    /// The position in the tar where the bytes of the current entry begin.
    var offset: Int64 { bytes.position }

    /// Moves to the next entry, or returns nil after the last one.
    ///
    /// Unread bytes of the current entry are skipped.
    mutating func next() async throws -> TarHeader? {
        try await bytes.skip(rest)
        (rest, content) = (0, 0)
        var records: [(key: String, value: String)] = []
        for _ in 0..<Self.longestPrelude {
            guard let block = try await bytes.read(TarHeader.block) else { return nil }
            guard var header = try TarHeader(block, in: name) else {
                hasEnd = true
                return nil
            }
            switch header.kind {
            case .other(UInt8(ascii: "x")):
                records += try TarHeader.records(try await text(header), in: name)
            case .other(UInt8(ascii: "L")):
                records.append(("path", try await text(header).prefix { $0 != "\0" }.description))
            case .other(UInt8(ascii: "K")):
                records.append(("linkpath", try await text(header).prefix { $0 != "\0" }.description))
            case .other(UInt8(ascii: "g")):
                _ = try await text(header)
            default:
                for record in records { header.apply(record) }
                while header.path.hasSuffix("/") { header.path.removeLast() }
                while header.path.hasPrefix("./") || header.path.hasPrefix("/") {
                    header.path.removeFirst(header.path.hasPrefix("/") ? 1 : 2)
                }
                content = header.size
                rest = content + Int64(TarHeader.padding(after: content))
                return header
            }
        }
        throw broken("an entry has more than \(Self.longestPrelude) extended headers")
    }

    /// Reads some bytes of the current entry, or returns nil at its end.
    mutating func read() async throws -> ByteBuffer? {
        guard content > 0 else { return nil }
        guard let chunk = try await bytes.readSome(Int(min(content, Int64(Content.chunk)))) else {
            throw broken("it ends in the middle of a file")
        }
        content -= Int64(chunk.readableBytes)
        rest -= Int64(chunk.readableBytes)
        return chunk
    }

    /// Reads to the end of the bytes, or throws if the tar was cut short.
    ///
    /// A layer checks its digest when its last byte is read, so no entry can be trusted before this returns.
    mutating func finish() async throws {
        while try await next() != nil {}
        guard hasEnd else { throw broken("it was cut short: the blocks that end a tar are missing") }
        while try await bytes.readSome(Content.chunk) != nil {}
    }

    /// The body of an extended header.
    private mutating func text(_ header: TarHeader) async throws -> String {
        guard header.size <= 1 << 16, let body = try await bytes.read(Int(header.size)) else {
            throw broken("an extended header of \(header.size) bytes is too long or was cut short")
        }
        try await bytes.skip(Int64(TarHeader.padding(after: header.size)))
        return String(buffer: body)
    }

    private func broken(_ reason: String) -> ContainerImageError {
        .invalid(what: name, reason: reason, advice: "Build or fetch it again.")
    }
}
