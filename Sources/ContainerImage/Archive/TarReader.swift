import NIOCore

/// Goes through a tar entry by entry.
struct TarReader {
    private var bytes: ByteStream
    private let name: String
    /// Bytes of the last entry not read yet, its padding included.
    private var rest: Int64 = 0
    private var content: Int64 = 0
    /// Whether the blocks that end a tar were there: it was not cut.
    private(set) var hasEnd = false

    /// - Parameter name: the tar's, for errors.
    init(_ bytes: ByteStream, named name: String) {
        self.bytes = bytes
        self.name = name
    }

    /// Where in the tar the bytes of the last entry begin.
    var offset: Int64 { bytes.position }

    /// The next entry; what was not read of the last is skipped.
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
                records += try Self.records(try await text(header))
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
        throw ContainerImageError.invalid(
            what: name, reason: "more than \(Self.longestPrelude) extended headers precede one entry",
            advice: "Build or fetch it again.")
    }

    /// Extended headers before an entry; one or two are usual.
    private static let longestPrelude = 16

    /// Some bytes of the last entry, nil at its end.
    mutating func read() async throws -> ByteBuffer? {
        guard content > 0 else { return nil }
        guard let chunk = try await bytes.readSome(Int(min(content, Int64(Content.chunk)))) else {
            throw ContainerImageError.invalid(
                what: name, reason: "it ends in the middle of a file", advice: "Build or fetch it again.")
        }
        content -= Int64(chunk.readableBytes)
        rest -= Int64(chunk.readableBytes)
        return chunk
    }

    /// Reads to the end, so that whoever verifies the bytes has seen them all.
    ///
    /// - Throws: an error if the tar was cut.
    mutating func finish() async throws {
        while try await next() != nil {}
        guard hasEnd else {
            throw ContainerImageError.invalid(
                what: name, reason: "it is cut: its end is not there", advice: "Build or fetch it again.")
        }
        while try await bytes.readSome(Content.chunk) != nil {}
    }

    /// The body of an entry that is about the next one.
    private mutating func text(_ header: TarHeader) async throws -> String {
        guard header.size <= 1 << 16, let body = try await bytes.read(Int(header.size)) else {
            throw ContainerImageError.invalid(
                what: name, reason: "an extended header of \(header.size) bytes is too long or cut",
                advice: "Build or fetch it again.")
        }
        try await bytes.skip(Int64(TarHeader.padding(after: header.size)))
        return String(buffer: body)
    }

    /// Splits `length key=value\n` lines.
    private static func records(_ text: String) throws(ContainerImageError) -> [(key: String, value: String)] {
        var (records, rest): ([(key: String, value: String)], ArraySlice<UInt8>) = ([], Array(text.utf8)[...])
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
                let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
                length > space - rest.startIndex + 1, length <= rest.count,
                let equals = rest[space...].firstIndex(of: UInt8(ascii: "="))
            else {
                throw .invalid(what: "tar", reason: "an extended header is broken", advice: "Build or fetch it again.")
            }
            let end = rest.startIndex + length
            guard equals < end else {
                throw .invalid(what: "tar", reason: "an extended header is broken", advice: "Build or fetch it again.")
            }
            let value = rest[(equals + 1)..<(end - 1)]
            records.append(
                (String(decoding: rest[(space + 1)..<equals], as: UTF8.self), String(decoding: value, as: UTF8.self)))
            rest = rest[end...]
        }
        return records
    }
}

/// A stream of bytes that are taken in the sizes wanted.
struct ByteStream {
    private let reopen: ((Int64) async throws -> Content.Reader)?
    private var reader: Content.Reader
    private var buffer = ByteBuffer()
    private(set) var position: Int64 = 0

    init(_ reader: @escaping Content.Reader) {
        self.reader = reader
        reopen = nil
    }

    /// Long stretches that nobody wants are not read.
    init(_ content: Content) async throws {
        reader = try await content.reader()
        reopen = { try await content.reader(from: min($0, content.size)) }
    }

    /// Exactly `count` bytes, nil if there are fewer.
    mutating func read(_ count: Int) async throws -> ByteBuffer? {
        while buffer.readableBytes < count {
            guard var more = try await reader() else { return nil }
            if buffer.readableBytes == 0 { buffer = more } else { buffer.writeBuffer(&more) }
        }
        position += Int64(count)
        return buffer.readSlice(length: count)
    }

    /// At most `count` bytes, nil at the end.
    mutating func readSome(_ count: Int) async throws -> ByteBuffer? {
        while buffer.readableBytes == 0 {
            guard let more = try await reader() else { return nil }
            buffer = more
        }
        let length = min(count, buffer.readableBytes)
        position += Int64(length)
        return buffer.readSlice(length: length)
    }

    /// `count` bytes, or those that are left.
    mutating func read(upTo count: Int) async throws -> ByteBuffer {
        var result = ByteBuffer()
        result.reserveCapacity(count)
        while result.readableBytes < count, var bytes = try await readSome(count - result.readableBytes) {
            result.writeBuffer(&bytes)
        }
        return result
    }

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
