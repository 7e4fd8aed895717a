import CZlib

/// The entries of a small zip archive, stored or deflated.
///
/// Encrypted entries, archives in several parts and ZIP64 are refused. The sizes in the directory are checked before
/// anything is inflated, so a small archive cannot become large.
///
/// - Source: APPNOTE.TXT of PKWARE, version 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
struct ZipArchive {
    /// The most bytes that all entries together may have.
    static let limit = 1 << 30

    /// An entry of the directory.
    private struct Entry {
        var method: UInt16
        var checksum: UInt32
        /// The bytes of the entry as they are stored.
        var stored: Range<Int>
        var size: Int
    }

    private let path: String
    private let bytes: [UInt8]
    private var entries: [String: Entry] = [:]

    /// The names of the entries, sorted.
    var names: [String] { entries.keys.sorted() }

    /// Reads the directory of an archive.
    ///
    /// - Parameters:
    ///   - path: The file, for errors.
    ///   - bytes: All of its bytes.
    /// - Throws: `PackagingError` if they are not an archive of this kind.
    init(path: String, _ bytes: [UInt8]) throws(PackagingError) {
        self.path = path
        self.bytes = bytes
        guard let end = Self.endOfDirectory(bytes) else { throw damaged("is not a zip archive, or is cut off") }
        let (count, size, start) = (Int(u16(end + 10)), Int(u32(end + 12)), Int(u32(end + 16)))
        guard u32(end + 4) == 0, Int(u16(end + 8)) == count, start + size <= end, count < 0xFFFF else {
            throw damaged("is a zip archive in several parts or with ZIP64, which Pinson does not read")
        }
        var (position, total) = (start, 0)
        for _ in 0..<count {
            let (name, entry, next) = try entry(at: position, before: start + size, data: start)
            guard entries.updateValue(entry, forKey: name) == nil else {
                throw damaged("has the entry '\(name)' twice")
            }
            position = next
            total += entry.size
            guard total <= Self.limit else { throw damaged("becomes larger than \(Self.limit) bytes") }
        }
    }

    /// The bytes of an entry, or nil if there is none with this name.
    ///
    /// - Throws: `PackagingError` if the entry is damaged.
    func contents(_ name: String) throws(PackagingError) -> [UInt8]? {
        guard let entry = entries[name] else { return nil }
        let stored = bytes[entry.stored]
        let contents = entry.method == 0 ? Array(stored) : Self.inflated(stored, size: entry.size)
        guard let contents, contents.count == entry.size, Self.checksum(contents) == entry.checksum else {
            throw damaged("has the entry '\(name)', whose bytes do not match its checksum")
        }
        return contents
    }

    /// Reads the entry of the directory at `position`.
    private func entry(
        at position: Int, before end: Int, data: Int
    ) throws(PackagingError) -> (name: String, Entry, next: Int) {
        guard position + 46 <= end, u32(position) == 0x0201_4B50 else { throw damaged("has a damaged directory") }
        let (flags, method) = (u16(position + 8), u16(position + 10))
        let (packed, size) = (Int(u32(position + 20)), Int(u32(position + 24)))
        let start = Int(u32(position + 42))
        let nameEnd = position + 46 + Int(u16(position + 28))
        let next = nameEnd + Int(u16(position + 30)) + Int(u16(position + 32))
        guard next <= end, let name = String(validating: bytes[position + 46..<nameEnd], as: UTF8.self) else {
            throw damaged("has a damaged directory")
        }
        guard flags & 1 == 0, method == 0 || method == 8 else {
            throw damaged("has the entry '\(name)', which is encrypted or compressed by another method than deflate")
        }
        guard start + 30 <= data, u32(start) == 0x0403_4B50 else { throw damaged("has no entry '\(name)'") }
        let first = start + 30 + Int(u16(start + 26)) + Int(u16(start + 28))
        guard first + packed <= data, method == 8 || packed == size else { throw damaged("has no entry '\(name)'") }
        let entry = Entry(method: method, checksum: u32(position + 16), stored: first..<first + packed, size: size)
        return (name, entry, next)
    }

    /// The position of the last record, which may be followed by a comment.
    private static func endOfDirectory(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 22 else { return nil }
        return (max(0, bytes.count - 22 - 0xFFFF)...bytes.count - 22).last {
            bytes[$0] == 0x50 && bytes[$0 + 1] == 0x4B && bytes[$0 + 2] == 5 && bytes[$0 + 3] == 6
        }
    }

    private func u16(_ position: Int) -> UInt16 { UInt16(bytes[position]) | UInt16(bytes[position + 1]) << 8 }

    private func u32(_ position: Int) -> UInt32 { UInt32(u16(position)) | UInt32(u16(position + 2)) << 16 }

    private func damaged(_ reason: String) -> PackagingError { .damagedExport(path: path, reason: reason) }
}

extension ZipArchive {
    /// Inflates bytes of deflate without a frame, or returns nil unless they give exactly `size` bytes.
    private static func inflated(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
        var stream = z_stream()
        guard czlib_inflate_init(&stream, -15) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        // One byte more than expected shows that there is more. The sizes are at most 2^30.
        var code = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: size + 1) { room, count in
            code = bytes.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = room.baseAddress
                stream.avail_out = UInt32(size + 1)
                return inflate(&stream, Z_FINISH)
            }
            count = size + 1 - Int(stream.avail_out)
        }
        return code == Z_STREAM_END && stream.avail_in == 0 && output.count == size ? output : nil
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) })
    }
}
