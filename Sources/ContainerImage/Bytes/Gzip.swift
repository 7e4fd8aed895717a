import CZlib
import Foundation
import NIOCore

/// Compresses and inflates gzip: the deflate algorithm in gzip's frame, through zlib.
///
/// The same input gives the same bytes on every machine with the same version of zlib. Blocks of a fixed size are
/// compressed on all cores. Each block uses the end of the previous block as its dictionary, so the result is one stream
/// of nearly the same size as one core would make.
///
/// - Source: RFC 1951 and RFC 1952; the zlib manual; the method is that of pigz.
enum Gzip {
    /// The number of bytes that one core compresses at a time.
    private static let block = 1 << 19
    /// How many bytes deflate looks back.
    private static let window = 1 << 15
    /// On the static binary, 2.6 % larger than zlib's default level 6, in half the time.
    private static let level: Int32 = 4
    /// A gzip header without time and file name, made on Unix.
    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]

    /// zlib's code for the largest window in a gzip frame.
    private static let framed: Int32 = 15 + 16
    /// zlib's code for the largest window without a frame.
    private static let raw: Int32 = -15

    /// Compresses all bytes of `reader`, and calls `give` with each piece of the result.
    ///
    /// At most `cores` blocks are compressed at the same time; the number does not change the result.
    static func compress(
        _ reader: @escaping Content.Reader, cores: Int = ProcessInfo.processInfo.activeProcessorCount,
        _ give: (ByteBuffer) throws -> Void
    ) async throws {
        var stream = ByteStream(reader)
        var (checksum, size) = (crc32(0, nil, 0), UInt32(0))
        var dictionary = ByteBuffer()
        var running: [Task<[ByteBuffer], Never>] = []
        try give(ByteBuffer(bytes: header))
        var next = try await stream.read(upTo: block)
        repeat {
            let bytes = next
            next = bytes.readableBytes < block ? ByteBuffer() : try await stream.read(upTo: block)
            let isLast = next.readableBytes == 0
            checksum = bytes.withUnsafeReadableBytes {
                crc32(checksum, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32($0.count))
            }
            size &+= UInt32(bytes.readableBytes)
            let before = dictionary
            running.append(Task { deflated(bytes, after: before, isLast: isLast) })
            dictionary =
                bytes.getSlice(
                    at: bytes.readerIndex + max(0, bytes.readableBytes - window),
                    length: min(window, bytes.readableBytes)) ?? bytes
            if running.count > cores {
                for piece in await running.removeFirst().value { try give(piece) }
            }
        } while next.readableBytes > 0
        for task in running {
            for piece in await task.value { try give(piece) }
        }
        var trailer = ByteBuffer()
        trailer.writeInteger(UInt32(truncatingIfNeeded: checksum), endianness: .little)
        trailer.writeInteger(size, endianness: .little)
        try give(trailer)
    }

    /// Compresses one block, which ends on a byte boundary so that the next block can follow it.
    private static func deflated(_ bytes: ByteBuffer, after dictionary: ByteBuffer, isLast: Bool) -> [ByteBuffer] {
        let stream = ZlibStream(level: level, windowBits: raw)
        dictionary.withUnsafeReadableBytes { bytes in
            guard !bytes.isEmpty else { return }
            _ = deflateSetDictionary(
                stream.pointer, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(bytes.count))
        }
        var (pieces, input): ([ByteBuffer], ByteBuffer) = ([], bytes)
        repeat {
            pieces.append(stream.step(&input) { deflate($0, isLast ? Z_FINISH : Z_SYNC_FLUSH) }.0)
        } while pieces.last?.readableBytes == Content.chunk
        return pieces
    }

    /// Returns a reader of the inflated bytes; `name` is the name of the blob, for errors.
    ///
    /// Each chunk has at most `Content.chunk` bytes, however much the input grows. Several frames in a row are read as
    /// one stream.
    static func inflated(_ reader: @escaping Content.Reader, named name: String) -> Content.Reader {
        var stream = ZlibStream(windowBits: framed)
        var (input, isComplete, mayHaveMore) = (ByteBuffer(), true, false)
        func broken(_ reason: String) -> ContainerImageError {
            .invalid(what: name, reason: "its gzip data is damaged: \(reason)", advice: "Build or fetch it again.")
        }
        return {
            while true {
                if input.readableBytes == 0, !mayHaveMore {
                    guard let bytes = try await reader() else {
                        guard isComplete else { throw broken("it ends too early") }
                        return nil
                    }
                    input = bytes
                }
                isComplete = false
                let (output, code) = stream.step(&input) { inflate($0, Z_NO_FLUSH) }
                guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
                    throw broken(stream.pointer.pointee.msg.map { String(cString: $0) } ?? "code \(code)")
                }
                mayHaveMore = output.readableBytes == Content.chunk
                if code == Z_STREAM_END {
                    (isComplete, mayHaveMore) = (true, false)
                    stream = ZlibStream(windowBits: framed)
                }
                if output.readableBytes > 0 { return output }
            }
        }
    }
}
