import CZlib
import NIOCore

/// Owns a `z_stream`, the state of zlib, at an address that does not change.
final class ZlibStream {
    let pointer = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let end: (UnsafeMutablePointer<z_stream>) -> Int32

    /// A stream that compresses at `level`, or that inflates if `level` is nil.
    ///
    /// `windowBits` is zlib's code for the window size and the frame around the compressed bytes.
    init(level: Int32? = nil, windowBits: Int32) {
        pointer.initialize(to: z_stream())
        let code: Int32
        if let level {
            code = czlib_deflate_init(pointer, level, windowBits)
            end = { deflateEnd($0) }
        } else {
            code = czlib_inflate_init(pointer, windowBits)
            end = { inflateEnd($0) }
        }
        precondition(code == Z_OK, "zlib has not enough memory, or its version differs from that of its header")
    }

    deinit {
        _ = end(pointer)
        pointer.deallocate()
    }

    /// Runs `step` once on the rest of `input`, and returns at most one chunk of output with zlib's result code.
    func step(_ input: inout ByteBuffer, _ step: (UnsafeMutablePointer<z_stream>) -> Int32) -> (
        ByteBuffer, code: Int32
    ) {
        var output = ByteBuffer()
        var code = Z_OK
        let read = input.withUnsafeReadableBytes { bytes in
            pointer.pointee.next_in = UnsafeMutablePointer(
                mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
            pointer.pointee.avail_in = UInt32(bytes.count)
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: Content.chunk) { room in
                pointer.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
                pointer.pointee.avail_out = UInt32(Content.chunk)
                code = step(pointer)
                return Content.chunk - Int(pointer.pointee.avail_out)
            }
            return bytes.count - Int(pointer.pointee.avail_in)
        }
        input.moveReaderIndex(forwardBy: read)
        return (output, code)
    }
}
