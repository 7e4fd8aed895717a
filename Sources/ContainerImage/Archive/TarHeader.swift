import NIOCore

/// One entry of a tar, without its bytes.
///
/// - Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format".
struct TarHeader: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case file, directory
        case symbolicLink(String)
        case hardLink(String)
        /// A device, a pipe, or what else no image of ours holds.
        case other(UInt8)
    }

    /// Without a slash at either end.
    var path: String
    var kind: Kind
    /// Bytes that follow.
    var size: Int64 = 0
    var mode: UInt32
    var user: UInt32 = 0
    var group: UInt32 = 0
    /// Seconds since 1970.
    var modified: Int64 = 0

    static let block = 512

    /// Zeros from `size` bytes to the next block.
    static func padding(after size: Int64) -> Int { Int((512 - size % 512) % 512) }
}

// MARK: - Writing

extension TarHeader {
    /// The blocks that precede the entry's bytes; two more where a path or a size does not fit the classic header.
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

    /// The most bytes that eleven octal digits count.
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
        put("        ", at: 148, 8)
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

    /// `name` over the two fields of the header, nil if it does not fit.
    private static func split(_ name: String) -> (prefix: String, name: String)? {
        if fits(name, 100) { return ("", name) }
        for slash in name.indices where name[slash] == "/" {
            let (prefix, rest) = (String(name[..<slash]), String(name[name.index(after: slash)...]))
            if !rest.isEmpty, fits(prefix, 155), fits(rest, 100) { return (prefix, rest) }
        }
        return nil
    }

    /// `length key=value\n`, where the length counts its own digits.
    private static func record(_ key: String, _ value: String) -> String {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while String(length).utf8.count + rest.utf8.count != length {
            length = String(length).utf8.count + rest.utf8.count
        }
        return "\(length)\(rest)"
    }
}

// MARK: - Reading

extension TarHeader {
    /// Nil for a block of zeros, which ends a tar.
    ///
    /// - Parameter name: the tar's, for errors.
    init?(_ block: ByteBuffer, in name: String) throws(ContainerImageError) {
        let bytes = Array(block.readableBytesView)
        guard bytes.contains(where: { $0 != 0 }) else { return nil }
        func broken(_ reason: String) -> ContainerImageError {
            .invalid(what: name, reason: "it is no readable tar: \(reason)", advice: "Build or fetch it again.")
        }
        func text(_ offset: Int, _ width: Int) -> String {
            String(decoding: bytes[offset..<offset + width].prefix { $0 != 0 }, as: UTF8.self)
        }
        func number(_ offset: Int, _ width: Int) throws(ContainerImageError) -> Int64 {
            if bytes[offset] & 0x80 != 0 {  // GNU's base 256
                let value = bytes[offset..<offset + width].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                return Int64(value & (1 << 62 - 1))
            }
            let digits = text(offset, width).filter { $0 != " " }
            guard let value = digits.isEmpty ? 0 : Int64(digits, radix: 8), value >= 0 else {
                throw broken("'\(digits)' is no octal number")
            }
            return value
        }
        let sum = bytes.enumerated().reduce(Int64(0)) {
            $0 + ((148..<156).contains($1.offset) ? 32 : Int64($1.element))
        }
        guard try number(148, 8) == sum else { throw broken("the checksum of a header is wrong") }

        let isUstar = text(257, 5) == "ustar"
        let prefix = isUstar && bytes[262] == 0 ? text(345, 155) : ""  // GNU keeps times where ustar has the prefix
        let target = text(157, 100)
        guard (try number(124, 12)) <= Descriptor.largestSize else {
            throw broken("an entry claims more bytes than exist")
        }
        path = prefix.isEmpty ? text(0, 100) : "\(prefix)/\(text(0, 100))"
        size = try number(124, 12)
        mode = UInt32(truncatingIfNeeded: try number(100, 8))
        user = UInt32(truncatingIfNeeded: try number(108, 8))
        group = UInt32(truncatingIfNeeded: try number(116, 8))
        modified = try number(136, 12)
        switch bytes[156] {
        case 0 where path.hasSuffix("/"), UInt8(ascii: "5"): kind = .directory
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): kind = .file
        case UInt8(ascii: "1"): kind = .hardLink(target)
        case UInt8(ascii: "2"): kind = .symbolicLink(target)
        case let flag: kind = .other(flag)
        }
    }

    /// Replaces what a pax record or GNU's long names say better.
    mutating func apply(_ record: (key: String, value: String)) {
        switch record.key {
        case "path": path = record.value
        case "size": size = Int64(record.value).flatMap { (0...Descriptor.largestSize).contains($0) ? $0 : nil } ?? size
        case "linkpath":
            switch kind {
            case .symbolicLink: kind = .symbolicLink(record.value)
            case .hardLink: kind = .hardLink(record.value)
            default: break
            }
        default: break
        }
    }
}
