/// The address of a request: `https://host:port/path?query`.
///
/// - Source: RFC 3986.
public struct WebAddress: Sendable, Equatable {
    /// Whether the scheme is https.
    public let usesTLS: Bool
    /// The name or the address of the server.
    public let host: String
    /// The port of the server.
    public let port: Int
    /// The path with the query, which may hold a secret.
    public let target: String

    /// Reads an address, or returns nil if it is not one of http or https, has the name of a user, or holds a character
    /// that addresses do not have.
    ///
    /// - Parameter text: The address.
    public init?(_ text: String) {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let schemes = [("https://", true), ("http://", false)]
        guard let (prefix, usesTLS) = schemes.first(where: { text.lowercased().hasPrefix($0.0) }) else { return nil }
        let rest = text.dropFirst(prefix.count)
        let authority = rest.prefix { !"/?#".contains($0) }
        let after = rest.dropFirst(authority.count).prefix { $0 != "#" }
        target = after.hasPrefix("/") ? String(after) : "/\(after)"
        self.usesTLS = usesTLS
        var host = authority
        var port = usesTLS ? 443 : 80
        let name = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        let end = authority.hasPrefix("[") ? name.count + 1 : name.count
        let suffix = authority.dropFirst(end)
        if let digits = suffix.first == ":" ? suffix.dropFirst() : nil {
            guard let number = Int(digits), (1...65535).contains(number) else { return nil }
            port = number
        } else if !suffix.isEmpty {
            return nil
        }
        host = authority.hasPrefix("[") ? name.dropFirst() : name
        guard Self.isHost(host) else { return nil }
        (self.host, self.port) = (String(host), port)
    }

    /// Whether the server is this machine.
    public var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// The host and the port as a header has them.
    public var authority: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port == (usesTLS ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The address without its path, which may hold a secret.
    public var origin: String { "\(usesTLS ? "https" : "http")://\(authority)" }

    /// The address with more at the end of its path.
    ///
    /// - Parameter path: Segments that begin with a slash.
    /// - Returns: The address, without a query.
    public func appending(_ path: String) -> WebAddress {
        var base = target.prefix { $0 != "?" }
        while base.hasSuffix("/") { base = base.dropLast() }
        return WebAddress(self, target: base + path)
    }

    private init(_ other: WebAddress, target: String) {
        (usesTLS, host, port, self.target) = (other.usesTLS, other.host, other.port, target)
    }

    /// Whether a text can be the name or the address of a server.
    ///
    /// - Parameter text: The text.
    /// - Returns: Whether it can.
    public static func isHost(_ text: Substring) -> Bool {
        let letters = text.utf8
        // One colon begins a port, and an IPv6 address has at least two.
        guard letters.count(where: { $0 == UInt8(ascii: ":") }) != 1 else { return false }
        return (1...253).contains(letters.count)
            && letters.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || [0x2D, 0x2E, 0x5F, 0x3A].contains($0)  // - . _ and the colons of an IPv6 address
            }
    }
}
