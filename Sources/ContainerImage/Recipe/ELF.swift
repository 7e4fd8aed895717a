import NIOCore

/// What the header of a program says: the processor that it is for, and the shared libraries that it needs.
///
/// - Source: System V ABI, "Object Files" and "Program Loading and Dynamic Linking".
public struct ELF: Sendable, Equatable {
    /// The platform that the program is for.
    public let platform: Platform
    /// The dynamic loader and the shared libraries that the program needs.
    ///
    /// Empty for a static program.
    public let needed: [String]

    /// The fields of a program header that are read: what a part of the file is, where it is, and where it is mapped.
    private struct Segment { var type: UInt32, offset: UInt64, address: UInt64, size: UInt64 }

    /// Reads the header of a program.
    ///
    /// - Parameter path: The path of a 64-bit Linux program.
    /// - Throws: `ContainerImageError` if the file cannot be read or is not such a program.
    public init(path: String) throws(ContainerImageError) {
        let file = try OpenFile(path: path)
        func broken(_ reason: String) -> ContainerImageError {
            .invalid(what: path, reason: reason, advice: "Give a 64-bit Linux executable, such as dist/function.")
        }
        guard file.size >= 64 else { throw broken("it has \(file.size) bytes, which is too short for a program") }
        let header = try file.read(64, at: 0)
        guard header.getBytes(at: 0, length: 6) == [0x7F, 0x45, 0x4C, 0x46, 2, 1] else {
            throw broken("it is not a 64-bit little-endian ELF file")
        }
        func integer<Value: FixedWidthInteger>(_ offset: Int, _ type: Value.Type, in bytes: ByteBuffer) -> Value {
            bytes.getInteger(at: bytes.readerIndex + offset, endianness: .little, as: type) ?? 0
        }
        switch integer(18, UInt16.self, in: header) {
        case 62: platform = .amd64
        case 183: platform = .arm64
        case let machine: throw broken("its machine is \(machine), expected 62 (x86-64) or 183 (AArch64)")
        }
        guard [2, 3].contains(integer(16, UInt16.self, in: header)) else { throw broken("it is not an executable") }

        let (count, size) = (integer(56, UInt16.self, in: header), integer(54, UInt16.self, in: header))
        let start = integer(32, UInt64.self, in: header)
        func bytes(_ offset: UInt64, _ count: UInt64) throws(ContainerImageError) -> ByteBuffer {
            guard count <= 1 << 20, offset <= UInt64(file.size), count <= UInt64(file.size) - offset else {
                throw broken("a program header points outside the file")
            }
            return try file.read(Int(count), at: Int64(offset))
        }
        guard size >= 56 || count == 0 else { throw broken("its program headers have \(size) bytes each, expected 56") }
        var segments: [Segment] = []
        for index in 0..<UInt64(count) {
            let entry = try bytes(start &+ index * UInt64(size), 56)
            segments.append(
                Segment(
                    type: integer(0, UInt32.self, in: entry), offset: integer(8, UInt64.self, in: entry),
                    address: integer(16, UInt64.self, in: entry), size: integer(32, UInt64.self, in: entry)))
        }
        var needed: [String] = []
        if let interpreter = segments.first(where: { $0.type == 3 }) {  // PT_INTERP
            let name = try bytes(interpreter.offset, interpreter.size)
            needed.append(String(decoding: name.readableBytesView.prefix { $0 != 0 }, as: UTF8.self))
        }
        if let dynamic = segments.first(where: { $0.type == 2 }) {  // PT_DYNAMIC
            let table = try bytes(dynamic.offset, dynamic.size)
            let entries = stride(from: 0, to: table.readableBytes - 15, by: 16).map {
                (tag: integer($0, UInt64.self, in: table), value: integer($0 + 8, UInt64.self, in: table))
            }
            let address = entries.first { $0.tag == 5 }?.value ?? 0  // DT_STRTAB
            let length = entries.first { $0.tag == 10 }?.value ?? 0  // DT_STRSZ
            // The table names addresses, so the strings are found through the segment that is mapped there.
            if let home = segments.first(where: {
                $0.type == 1 && $0.address <= address && address - $0.address < $0.size  // PT_LOAD
            }) {
                let strings = try bytes(home.offset &+ (address - home.address), length)
                for entry in entries where entry.tag == 1 && entry.value < length {  // DT_NEEDED
                    let name = strings.readableBytesView.dropFirst(Int(entry.value)).prefix { $0 != 0 }
                    needed.append(String(decoding: name, as: UTF8.self))
                }
            }
        }
        self.needed = needed
    }
}
