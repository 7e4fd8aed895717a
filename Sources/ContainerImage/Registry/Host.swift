import Foundation

/// What the name of a host says about where the host is.
enum Host {
    /// Whether the host is this machine.
    ///
    /// A registry on this machine does not need TLS.
    static func isLoopback(_ host: String) -> Bool {
        let name = host.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "."))
        if name == "localhost" || name.hasSuffix(".localhost") { return true }
        if let address = ipv4(host) { return address >> 24 == 127 }
        return ipv6(host)?.elementsEqual([UInt8](repeating: 0, count: 15) + [1]) ?? false
    }

    /// Whether the host is an address outside the public network.
    ///
    /// A registry on the public network has no reason to redirect to such an address.
    static func isPrivate(_ host: String) -> Bool {
        if isLoopback(host) { return true }
        if let address = ipv4(host) { return isPrivate(address) }
        guard let bytes = ipv6(host) else { return false }
        func embedded(at index: Int) -> UInt32 { bytes[index..<index + 4].reduce(0) { $0 << 8 | UInt32($1) } }
        return switch (bytes[0], bytes[1]) {
        case (0xFE, 0x80...0xFF), (0xFC...0xFD, _), (0xFF, _): true  // link-local, site-local, unique local, multicast
        case (0x20, 0x02): isPrivate(embedded(at: 2))  // 6to4, RFC 3056
        case (0x00, 0x64): isPrivate(embedded(at: 12))  // NAT64, RFC 6052
        default: bytes[..<10].allSatisfy { $0 == 0 }  // unspecified, IPv4-mapped, IPv4-compatible
        }
    }

    /// Whether the host is an address and not a name.
    static func isAddress(_ host: String) -> Bool { ipv4(host) != nil || ipv6(host) != nil }

    /// Whether an IPv4 address is outside the public network.
    private static func isPrivate(_ address: UInt32) -> Bool {
        let networks: [(UInt32, UInt32)] = [  // RFC 1122, 1918, 3927, 6598, 6890, 2544, 5771, 1112
            (0x0000_0000, 8), (0x0A00_0000, 8), (0x7F00_0000, 8), (0x6440_0000, 10), (0xA9FE_0000, 16),
            (0xAC10_0000, 12), (0xC0A8_0000, 16), (0xC000_0000, 24), (0xC612_0000, 15), (0xE000_0000, 3),
        ]
        return networks.contains { address >> (32 - $0.1) == $0.0 >> (32 - $0.1) }
    }

    /// The address in host byte order, in any notation that a resolver accepts, such as `127.1` and `0x7f000001`.
    private static func ipv4(_ host: String) -> UInt32? {
        var address = in_addr()
        return inet_aton(host, &address) == 1 ? UInt32(bigEndian: address.s_addr) : nil
    }

    private static func ipv6(_ host: String) -> [UInt8]? {
        var address = in6_addr()
        let name = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).prefix { $0 != "%" }
        guard inet_pton(AF_INET6, String(name), &address) == 1 else { return nil }
        return withUnsafeBytes(of: &address) { Array($0) }
    }
}
