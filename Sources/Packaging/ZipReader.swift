import CZlib
import Foundation

/// Reads the numbers of a zip archive, and finds its directory.
///
/// Large archives have numbers of 64 bits (ZIP64) where those of 16 or 32 bits are too small.
struct ZipReader {
    /// All bytes of the archive, whose indices start at 0.
    let bytes: Data
    /// Makes an error from a reason.
    let damaged: (String) -> PackagingError

    /// The position of the directory, and the number of its entries.
    func directory() throws(PackagingError) -> (bytes: Range<Int>, count: Int) {
        guard let end = endOfDirectory() else { throw damaged("is not a zip archive, or is cut off") }
        var (count, size, start) = (Int(u16(end + 10)), Int(u32(end + 12)), Int(u32(end + 16)))
        guard u32(end + 4) == 0, u16(end + 8) == u16(end + 10) else {
            throw damaged("is a zip archive in several parts, which Pinson does not read")
        }
        if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
            guard end >= 20, u32(end - 20) == 0x0706_4B50, let record = u64(end - 12), record <= end - 76,
                u32(record) == 0x0606_4B50, let wideCount = u64(record + 32), let wideSize = u64(record + 40),
                let wideStart = u64(record + 48)
            else { throw damaged("has a damaged directory") }
            (count, size, start) = (wideCount, wideSize, wideStart)
        }
        // An entry has at least 46 bytes.
        guard start <= end, size <= end - start, count <= size / 46 else { throw damaged("has a damaged directory") }
        return (start..<start + size, count)
    }

    /// Replaces the sizes and the position of an entry that are too large for 32 bits by those in its extra field.
    func widen(_ size: inout Int, _ packed: inout Int, _ start: inout Int, extra: Range<Int>) throws(PackagingError) {
        let full = 0xFFFF_FFFF
        guard size == full || packed == full || start == full else { return }
        var position = extra.lowerBound
        while position + 4 <= extra.upperBound {
            let end = position + 4 + Int(u16(position + 2))
            guard end <= extra.upperBound else { break }
            if u16(position) == 1 {
                position += 4
                func next() -> Int? {
                    defer { position += 8 }
                    return position + 8 <= end ? u64(position) : nil
                }
                if size == full { size = next() ?? -1 }
                if packed == full { packed = next() ?? -1 }
                if start == full { start = next() ?? -1 }
                guard size >= 0, packed >= 0, start >= 0 else { break }
                return
            }
            position = end
        }
        throw damaged("has a damaged directory")
    }

    /// The position of the last record, which may be followed by a comment.
    private func endOfDirectory() -> Int? {
        guard bytes.count >= 22 else { return nil }
        return (max(0, bytes.count - 22 - 0xFFFF)...bytes.count - 22).last {
            bytes[$0] == 0x50 && bytes[$0 + 1] == 0x4B && bytes[$0 + 2] == 5 && bytes[$0 + 3] == 6
        }
    }

    func u16(_ position: Int) -> UInt16 { UInt16(bytes[position]) | UInt16(bytes[position + 1]) << 8 }

    func u32(_ position: Int) -> UInt32 { UInt32(u16(position)) | UInt32(u16(position + 2)) << 16 }

    /// A number of 64 bits, or nil if it is larger than any file.
    func u64(_ position: Int) -> Int? {
        let value = UInt64(u32(position)) | UInt64(u32(position + 4)) << 32
        return value < 1 << 60 ? Int(value) : nil
    }
}

/// Deflate without a frame, and the checksum of zip.
enum Deflate {
    /// Inflates bytes, or returns nil unless they give exactly `size` bytes.
    static func inflated(_ bytes: Data, size: Int) -> Data? {
        var stream = z_stream()
        guard bytes.count < 1 << 31, size < 1 << 31, czlib_inflate_init(&stream, -15) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        // One byte more than expected shows that there is more.
        var code = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: size + 1) { room, count in
            code = bytes.withUnsafeBytes { input in
                let input = input.bindMemory(to: UInt8.self)
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = room.baseAddress
                stream.avail_out = UInt32(size + 1)
                return inflate(&stream, Z_FINISH)
            }
            count = size + 1 - Int(stream.avail_out)
        }
        return code == Z_STREAM_END && stream.avail_in == 0 && output.count == size ? Data(output) : nil
    }

    /// The CRC-32 of bytes.
    static func checksum(_ bytes: Data) -> UInt32 {
        bytes.withUnsafeBytes { raw in
            let bytes = raw.bindMemory(to: UInt8.self)
            var checksum: uLong = 0
            // The function takes the length in 32 bits.
            for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
                let part = UnsafeBufferPointer(rebasing: bytes[start..<min(start + 1 << 30, bytes.count)])
                checksum = crc32(checksum, part.baseAddress, UInt32(part.count))
            }
            return UInt32(truncatingIfNeeded: checksum)
        }
    }
}
