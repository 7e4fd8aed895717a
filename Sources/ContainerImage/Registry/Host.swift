import Foundation

/// What the name of a host says about where the host is.
enum Host {
    /// Whether the host is this machine.
    ///
    /// A registry on this machine does not need TLS.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        if let address = ipv4(host) { return address >> 24 == 127 }
        return ipv6(host)?.elementsEqual([UInt8](repeating: 0, count: 15) + [1]) ?? false
    }

    /// Whether the host is an address outside the public network.
    ///
    /// A registry on the public network has no reason to redirect to such an address.
    static func isPrivate(_ host: String) -> Bool {
        if isLoopback(host) { return true }
        if let address = ipv4(host) {
            let networks: [(UInt32, UInt32)] = [  // RFC 1122, 1918, 3927, 6598
                (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0xA9FE_0000, 16), (0xAC10_0000, 12),
                (0xC0A8_0000, 16),
            ]
            return networks.contains { address >> (32 - $0.1) == $0.0 >> (32 - $0.1) }
        }
        guard let bytes = ipv6(host) else { return false }
        // Link-local, unique local, unspecified, and IPv4-mapped or IPv4-compatible IPv6 addresses.
        return bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 || bytes[0] & 0xFE == 0xFC
            || bytes[..<10].allSatisfy { $0 == 0 }
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
