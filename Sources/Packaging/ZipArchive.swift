import Foundation

/// The entries of a zip archive, stored or deflated.
///
/// Encrypted entries and archives in several parts are refused. The sizes in the directory are checked before anything is
/// inflated, so a small archive cannot become large.
///
/// - Source: APPNOTE.TXT of PKWARE, version 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
struct ZipArchive {
    /// The most bytes that all deflated entries together may become.
    static let limit = 1 << 30

    /// An entry of the directory.
    private struct Entry {
        var method: UInt16
        var checksum: UInt32
        /// The bytes of the entry as they are stored.
        var stored: Range<Int>
        var size: Int
    }

    private let reader: ZipReader
    private var entries: [String: Entry] = [:]

    /// The names of the entries, sorted.
    var names: [String] { entries.keys.sorted() }

    /// Reads the directory of an exported model.
    ///
    /// - Parameters:
    ///   - path: The file, for errors.
    ///   - bytes: All of its bytes.
    /// - Throws: `PackagingError` if they are not an archive of this kind.
    init(path: String, _ bytes: [UInt8]) throws(PackagingError) {
        try self.init(Data(bytes)) { .damagedExport(path: path, reason: $0) }
    }

    /// Reads the directory of an archive.
    ///
    /// - Parameters:
    ///   - bytes: All bytes of the file, whose indices start at 0. They may be mapped.
    ///   - damaged: Makes an error from a reason.
    /// - Throws: The error if they are not an archive of this kind.
    init(_ bytes: Data, damaged: @escaping (String) -> PackagingError) throws(PackagingError) {
        reader = ZipReader(bytes: bytes, damaged: damaged)
        let directory = try reader.directory()
        var (position, total) = (directory.bytes.lowerBound, 0)
        for _ in 0..<directory.count {
            let (name, entry, next) = try entry(at: position, in: directory.bytes)
            guard entries.updateValue(entry, forKey: name) == nil else {
                throw damaged("has the entry '\(name)' twice")
            }
            position = next
            total += entry.method == 0 ? 0 : entry.size
            guard total <= Self.limit else { throw damaged("becomes larger than \(Self.limit) bytes") }
        }
    }

    /// The bytes of an entry, or nil if there is none with this name.
    ///
    /// - Throws: `PackagingError` if the entry is damaged.
    func contents(_ name: String) throws(PackagingError) -> [UInt8]? { try data(name).map { Array($0) } }

    /// The bytes of an entry, or nil if there is none with this name.
    ///
    /// Those of a stored entry are not copied.
    ///
    /// - Throws: `PackagingError` if the entry is damaged.
    func data(_ name: String) throws(PackagingError) -> Data? {
        guard let entry = entries[name] else { return nil }
        let stored = reader.bytes[entry.stored]
        let contents = entry.method == 0 ? stored : Deflate.inflated(stored, size: entry.size)
        guard let contents, contents.count == entry.size, Deflate.checksum(contents) == entry.checksum else {
            throw reader.damaged("has the entry '\(name)', whose bytes do not match its checksum")
        }
        return contents
    }

    /// The size of an entry in bytes, or nil if there is none with this name.
    func size(_ name: String) -> Int? { entries[name]?.size }

    /// Reads the entry of the directory at `position`.
    private func entry(
        at position: Int, in directory: Range<Int>
    ) throws(PackagingError) -> (name: String, Entry, next: Int) {
        let (reader, damaged) = (reader, reader.damaged)
        guard position + 46 <= directory.upperBound, reader.u32(position) == 0x0201_4B50 else {
            throw damaged("has a damaged directory")
        }
        let (flags, method) = (reader.u16(position + 8), reader.u16(position + 10))
        let nameEnd = position + 46 + Int(reader.u16(position + 28))
        let extraEnd = nameEnd + Int(reader.u16(position + 30))
        let next = extraEnd + Int(reader.u16(position + 32))
        guard next <= directory.upperBound,
            let name = String(validating: reader.bytes[position + 46..<nameEnd], as: UTF8.self)
        else { throw damaged("has a damaged directory") }
        guard flags & 1 == 0, method == 0 || method == 8 else {
            throw damaged("has the entry '\(name)', which is encrypted or compressed by another method than deflate")
        }
        var (size, packed, start) = (
            Int(reader.u32(position + 24)), Int(reader.u32(position + 20)), Int(reader.u32(position + 42))
        )
        try reader.widen(&size, &packed, &start, extra: nameEnd..<extraEnd)
        let data = directory.lowerBound
        guard start + 30 <= data, reader.u32(start) == 0x0403_4B50 else { throw damaged("has no entry '\(name)'") }
        let first = start + 30 + Int(reader.u16(start + 26)) + Int(reader.u16(start + 28))
        guard first <= data, packed <= data - first, method == 8 || packed == size else {
            throw damaged("has no entry '\(name)'")
        }
        let entry = Entry(
            method: method, checksum: reader.u32(position + 16), stored: first..<first + packed, size: size)
        return (name, entry, next)
    }
}
