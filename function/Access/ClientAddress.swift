import NIOCore

extension Request {
    /// The address of the client, as the last trusted proxy has seen it.
    ///
    /// Each proxy appends the address that it has seen to `X-Forwarded-For`. A client may write anything before these, so
    /// only the last `trustedProxies` entries count. If there are fewer, the request has not come through the proxies.
    ///
    /// - Parameter trustedProxies: The number of proxies in front of the function.
    /// - Returns: The client.
    func client(behind trustedProxies: Int) -> ClientName {
        let entries = forwardedFor.split(separator: ",", omittingEmptySubsequences: false)
        if trustedProxies > 0, entries.count >= trustedProxies,
            let address = Self.address(entries[entries.count - trustedProxies])
        {
            return ClientName(address)
        }
        return peer.map(ClientName.init) ?? .unknown
    }

    /// An address with or without a port, as proxies write it.
    private static func address(_ entry: Substring) -> SocketAddress? {
        var text = entry.filter { $0 != " " && $0 != "\t" }
        guard text.utf8.count <= 64 else { return nil }
        if text.hasPrefix("[") {
            text = String(text.dropFirst().prefix { $0 != "]" })
        } else if text.count(where: { $0 == ":" }) == 1 {
            text = String(text.prefix { $0 != ":" })
        }
        return try? SocketAddress(ipAddress: text, port: 0)
    }
}

extension ClientName {
    /// The client with this address.
    ///
    /// - Source: Linux, ip(7) and ipv6(7), for the places of addresses; RFC 4291, section 2.5.5.2, for addresses of IPv4
    ///   inside addresses of IPv6.
    init(_ address: SocketAddress) {
        let bytes = address.withSockAddr { start, count in Array(UnsafeRawBufferPointer(start: start, count: count)) }
        switch (address.protocol, bytes.count) {
        case (.inet, 8...): self = .address(Array(bytes[4..<8]))
        case (.inet6, 24...):
            let isMapped = bytes[8..<18].allSatisfy { $0 == 0 } && bytes[18] == 0xFF && bytes[19] == 0xFF
            self = .address(Array(isMapped ? bytes[20..<24] : bytes[8..<16]))
        default: self = .unknown
        }
    }
}
