import CZlib
import NIOCore

/// Deflate with gzip's frame, through zlib; the same bytes for the same input and the same zlib.
///
/// - Source: RFC 1952; zlib manual. The frame that zlib writes holds no time and no name.
enum Gzip {
    /// The window, and gzip's frame around it, in zlib's way of saying so.
    private static let windowBits: Int32 = 15 + 16

    /// Owns a z_stream, which must not move.
    private final class Stream {
        let pointer = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        private let end: (UnsafeMutablePointer<z_stream>) -> Int32

        init(_ start: (UnsafeMutablePointer<z_stream>) -> Int32, end: @escaping (UnsafeMutablePointer<z_stream>) -> Int32) {
            pointer.initialize(to: z_stream())
            precondition(start(pointer) == Z_OK, "zlib has no memory, or another version than its header")
            self.end = end
        }

        deinit {
            _ = end(pointer)
            pointer.deallocate()
        }

        /// Runs `step` over all of `input`, gives the output piece by piece, and the last code.
        func run(
            _ input: ByteBuffer, _ step: (UnsafeMutablePointer<z_stream>) -> Int32, _ give: (ByteBuffer) throws -> Void
        ) throws -> (code: Int32, unread: Int) {
            try input.withUnsafeReadableBytes { bytes in
                pointer.pointee.next_in = UnsafeMutablePointer(
                    mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
                pointer.pointee.avail_in = UInt32(bytes.count)
                var code = Z_OK
                var isFull = true
                while isFull, code == Z_OK {
                    var output = ByteBuffer()
                    output.writeWithUnsafeMutableBytes(minimumWritableBytes: Content.chunk) { room in
                        pointer.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
                        pointer.pointee.avail_out = UInt32(Content.chunk)
                        code = step(pointer)
                        return Content.chunk - Int(pointer.pointee.avail_out)
                    }
                    isFull = pointer.pointee.avail_out == 0
                    if output.readableBytes > 0 { try give(output) }
                }
                return (code, Int(pointer.pointee.avail_in))
            }
        }
    }

    /// Compresses all of `reader` and gives the result piece by piece.
    static func compress(_ reader: Content.Reader, _ give: (ByteBuffer) throws -> Void) async throws {
        let stream = Stream({ czlib_deflate_init($0, Z_DEFAULT_COMPRESSION, windowBits) }, end: deflateEnd)
        while let bytes = try await reader() {
            _ = try stream.run(bytes, { deflate($0, Z_NO_FLUSH) }, give)
        }
        _ = try stream.run(ByteBuffer(), { deflate($0, Z_FINISH) }, give)
    }

    /// The inflated bytes; several frames after one another are one stream.
    ///
    /// - Parameter name: the blob's, for errors.
    static func inflated(_ reader: @escaping Content.Reader, named name: String) -> Content.Reader {
        func start() -> Stream { Stream({ czlib_inflate_init($0, windowBits) }, end: inflateEnd) }
        var stream = start()
        var (ready, isComplete): ([ByteBuffer], Bool) = ([], true)
        func broken(_ reason: String) -> ContainerImageError {
            .invalid(what: name, reason: "its gzip is broken: \(reason)", advice: "Build or fetch it again.")
        }
        return {
            while ready.isEmpty {
                guard var bytes = try await reader() else {
                    guard isComplete else { throw broken("it ends too early") }
                    return nil
                }
                while bytes.readableBytes > 0 {
                    isComplete = false
                    let (code, unread) = try stream.run(bytes, { inflate($0, Z_NO_FLUSH) }) { ready.append($0) }
                    guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
                        throw broken(stream.pointer.pointee.msg.map { String(cString: $0) } ?? "code \(code)")
                    }
                    guard code == Z_STREAM_END else { break }
                    isComplete = true
                    bytes.moveReaderIndex(forwardBy: bytes.readableBytes - unread)
                    stream = start()
                }
            }
            return ready.removeFirst()
        }
    }
}
