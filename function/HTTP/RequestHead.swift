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

    /// The token in `Authorization: Bearer TOKEN`, or nil.
    ///
    /// - Source: RFC 6750, section 2.1.
    var bearerToken: String? {
        guard let value = headers.first(name: "authorization") else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }

    private var isHTTP11: Bool { (version.major, version.minor) >= (1, 1) }

    /// Whether the client waits to be asked for the body.
    ///
    /// A client of HTTP/1.0 does not understand the question.
    ///
    /// - Source: RFC 9110, section 10.1.1.
    var expectsContinue: Bool {
        isHTTP11 && headers.first(name: "expect")?.lowercased() == "100-continue"
    }

    /// The path of the target, without the query.
    ///
    /// A target may be absolute, as in `GET http://host/path HTTP/1.1`.
    ///
    /// - Source: RFC 9112, section 3.2.2.
    var path: String {
        var rest = uri.utf8[...]
        for scheme in ["http://", "https://"] where rest.count >= scheme.utf8.count {
            let start = rest.prefix(scheme.utf8.count)
            guard zip(start, scheme.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else { continue }
            rest = rest.dropFirst(scheme.utf8.count).drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            if rest.first != UInt8(ascii: "/") { return "/" }
            break
        }
        return String(Substring(rest.prefix { $0 != UInt8(ascii: "?") }))
    }

    /// What is wrong with the header `Host`, or nil.
    ///
    /// - Source: RFC 9112, section 3.2.
    var hostProblem: String? {
        guard isHTTP11 else { return nil }
        var count = 0
        for header in headers where header.name.utf8.count == 4 && header.name.lowercased() == "host" { count += 1 }
        return count == 1 ? nil : "The request has \(count) Host headers, expected 1."
    }
}
