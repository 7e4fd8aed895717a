import NIOCore

extension TarHeader {
    /// The blocks before the bytes of the file.
    ///
    /// If the path, the target of a link or the size does not fit the classic header, a pax header with the whole value
    /// comes first.
    func encoded() -> ByteBuffer {
        var records: [(key: String, value: String)] = []
        let name = kind == .directory ? path + "/" : path
        let split = Self.split(name)
        if split == nil { records.append(("path", name)) }
        if let target, !Self.fits(target, 100) { records.append(("linkpath", target)) }
        if size > Self.largest { records.append(("size", String(size))) }

        var bytes = ByteBuffer()
        if !records.isEmpty {
            let body = records.map { Self.record($0.key, $0.value) }.joined()
            bytes.writeBytes(
                block(name: ("", "pax"), flag: UInt8(ascii: "x"), size: Int64(body.utf8.count), mode: 0o644, target: "")
            )
            bytes.writeString(body)
            bytes.writeRepeatingByte(0, count: Self.padding(after: Int64(body.utf8.count)))
        }
        let short = split ?? ("", String(decoding: name.utf8.filter { $0 < 0x80 }.prefix(100), as: UTF8.self))
        bytes.writeBytes(
            block(name: short, flag: flag, size: size > Self.largest ? 0 : size, mode: mode, target: target ?? ""))
        return bytes
    }

    /// The largest number with eleven octal digits.
    private static let largest: Int64 = (1 << 33) - 1

    private var target: String? {
        switch kind {
        case .symbolicLink(let target), .hardLink(let target): target
        default: nil
        }
    }

    private var flag: UInt8 {
        switch kind {
        case .file: UInt8(ascii: "0")
        case .hardLink: UInt8(ascii: "1")
        case .symbolicLink: UInt8(ascii: "2")
        case .directory: UInt8(ascii: "5")
        case .other(let flag): flag
        }
    }

    /// One header block; the offsets are those of the ustar format.
    private func block(name: (prefix: String, name: String), flag: UInt8, size: Int64, mode: UInt32, target: String)
        -> [UInt8]
    {
        var block = [UInt8](repeating: 0, count: Self.block)
        func put(_ text: String, at offset: Int, _ width: Int) {
            for (index, byte) in text.utf8.prefix(width).enumerated() { block[offset + index] = byte }
        }
        func put(octal value: Int64, at offset: Int, _ width: Int) {  // digits and a zero byte
            let digits = String(value, radix: 8)
            put(String(repeating: "0", count: max(0, width - 1 - digits.utf8.count)) + digits, at: offset, width - 1)
        }
        put(name.name, at: 0, 100)
        put(octal: Int64(mode), at: 100, 8)
        put(octal: Int64(user), at: 108, 8)
        put(octal: Int64(group), at: 116, 8)
        put(octal: size, at: 124, 12)
        put(octal: modified, at: 136, 12)
        put("        ", at: 148, 8)  // the checksum counts its own field as spaces
        block[156] = flag
        put(target, at: 157, 100)
        put("ustar", at: 257, 6)
        put("00", at: 263, 2)
        put(octal: 0, at: 329, 8)
        put(octal: 0, at: 337, 8)
        put(name.prefix, at: 345, 155)
        let sum = block.reduce(0) { $0 + Int64($1) }
        put(octal: sum, at: 148, 7)
        block[155] = UInt8(ascii: " ")
        return block
    }

    private static func fits(_ text: String, _ width: Int) -> Bool {
        text.utf8.count <= width && text.utf8.allSatisfy { $0 < 0x80 }
    }

    /// Splits `name` into the two name fields of the header, or returns nil if it does not fit.
    private static func split(_ name: String) -> (prefix: String, name: String)? {
        if fits(name, 100) { return ("", name) }
        for slash in name.indices where name[slash] == "/" {
            let (prefix, rest) = (String(name[..<slash]), String(name[name.index(after: slash)...]))
            if !rest.isEmpty, fits(prefix, 155), fits(rest, 100) { return (prefix, rest) }
        }
        return nil
    }

    /// A pax record, `length key=value\n`; the length includes its own digits.
    private static func record(_ key: String, _ value: String) -> String {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while String(length).utf8.count + rest.utf8.count != length {
            length = String(length).utf8.count + rest.utf8.count
        }
        return "\(length)\(rest)"
    }
}
