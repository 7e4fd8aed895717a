import NIOCore

extension TarHeader {
    /// Parses one block of a tar, or returns nil for a block of zeros, which ends a tar; `name` is for errors.
    init?(_ block: ByteBuffer, in name: String) throws(ContainerImageError) {
        let bytes = Array(block.readableBytesView)
        guard bytes.contains(where: { $0 != 0 }) else { return nil }
        func broken(_ reason: String) -> ContainerImageError {
            .invalid(what: name, reason: "it is not a valid tar: \(reason)", advice: "Build or fetch it again.")
        }
        func text(_ offset: Int, _ width: Int) -> String {
            String(decoding: bytes[offset..<offset + width].prefix { $0 != 0 }, as: UTF8.self)
        }
        func number(_ offset: Int, _ width: Int) throws(ContainerImageError) -> Int64 {
            if bytes[offset] & 0x80 != 0 {  // GNU tar writes large numbers in base 256
                let value = bytes[offset..<offset + width].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                return Int64(value & (1 << 62 - 1))
            }
            let digits = text(offset, width).filter { $0 != " " }
            guard let value = digits.isEmpty ? 0 : Int64(digits, radix: 8), value >= 0 else {
                throw broken("'\(digits.singleLine)' is not an octal number")
            }
            return value
        }
        let sum = bytes.enumerated().reduce(Int64(0)) {
            $0 + ((148..<156).contains($1.offset) ? 32 : Int64($1.element))
        }
        guard try number(148, 8) == sum else { throw broken("the checksum of a header is wrong") }

        let isUstar = text(257, 5) == "ustar"
        // GNU tar stores times in the bytes where ustar has the prefix.
        let prefix = isUstar && bytes[262] == 0 ? text(345, 155) : ""
        let target = text(157, 100)
        guard (try number(124, 12)) <= Descriptor.largestSize else {
            throw broken("the size of an entry is more than \(Descriptor.largestSize) bytes")
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

    /// Replaces a field by the value of a pax record or of a GNU long name.
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

    /// Splits the body of a pax header into its records, `length key=value\n`; `name` is for errors.
    static func records(_ body: String, in name: String) throws(ContainerImageError) -> [(key: String, value: String)] {
        func broken() -> ContainerImageError {
            .invalid(what: name, reason: "an extended header is damaged", advice: "Build or fetch it again.")
        }
        var (records, rest): ([(key: String, value: String)], ArraySlice<UInt8>) = ([], Array(body.utf8)[...])
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
                let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
                length > space - rest.startIndex + 1, length <= rest.count,
                let equals = rest[space...].firstIndex(of: UInt8(ascii: "="))
            else { throw broken() }
            let end = rest.startIndex + length
            guard equals < end else { throw broken() }
            let value = rest[(equals + 1)..<(end - 1)]
            records.append(
                (String(decoding: rest[(space + 1)..<equals], as: UTF8.self), String(decoding: value, as: UTF8.self)))
            rest = rest[end...]
        }
        return records
    }
}
