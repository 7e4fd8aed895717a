import NIOCore

/// The address of the runtime API, such as `127.0.0.1:9001`.
struct RuntimeAddress: Sendable, Equatable, CustomStringConvertible {
    let host: String
    let port: Int

    /// Reads an address, or returns nil if it is not a host and a port.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65535).contains(port)
        else { return nil }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        self.host = String(isBracketed ? host.dropFirst().dropLast() : host)
        self.port = port
        if self.host.isEmpty { return nil }
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// The address with the name of the host resolved.
    ///
    /// - Throws: An error of NIO if the name is unknown.
    func resolved() throws -> SocketAddress {
        try (try? SocketAddress(ipAddress: host, port: port)) ?? .makeAddressResolvingHost(host, port: port)
    }
}
