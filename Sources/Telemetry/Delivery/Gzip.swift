import CZlib

/// Compression with gzip.
///
/// - Source: RFC 1952.
enum Gzip {
    /// The bytes in compressed form, or nil if the library has no memory for it.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        // 16 more than the largest window asks for the header of gzip. The fastest level is enough for repeated names.
        guard czlib_deflate_init(&stream, 1, 15 + 16) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        return input.withUnsafeMutableBufferPointer { input in
            let output = [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
                (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
                let code = deflate(&stream, Z_FINISH)
                count = code == Z_STREAM_END ? output.count - Int(stream.avail_out) : 0
            }
            return output.isEmpty ? nil : output
        }
    }
}
