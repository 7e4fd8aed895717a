import NIOHTTP1

extension HTTPRequestHead {
    /// The head of a request that cannot be read.
    static let unknown = HTTPRequestHead(version: .http1_1, method: .RAW(value: "-"), uri: "-")

    /// Whether another request may follow on this connection.
    ///
    /// After a request for an upgrade or a tunnel, which the server never grants, NIO reads no further request.
    var canBeFollowed: Bool {
        isKeepAlive && method != .CONNECT && !headers.contains(name: "upgrade")
    }

    /// The number of bytes that `Content-Length` announces, or 0 without this header.
    ///
    /// NIO has checked that the value is a number. One that `Int` cannot hold counts as `Int.max`.
    var announcedLength: Int {
        guard let value = headers.first(name: "content-length") else { return 0 }
        let digits = value.utf8.drop { $0 == 0x20 || $0 == 0x09 }.prefix { (0x30...0x39).contains($0) }
        return digits.isEmpty ? 0 : Int(Substring(digits)) ?? .max
    }

    /// What is wrong with the header `Host`, or nil.
    ///
    /// - Source: RFC 9112, section 3.2.
    var hostProblem: String? {
        guard (version.major, version.minor) >= (1, 1) else { return nil }
        var count = 0
        for header in headers where header.name.utf8.count == 4 && header.name.lowercased() == "host" { count += 1 }
        return count == 1 ? nil : "The request has \(count) Host headers, expected 1."
    }
}
