import Foundation
import Glibc

/// A raw connection to 127.0.0.1: any bytes out, the bytes that come back.
public final class Client {
    private let descriptor: Int32

    public struct Failure: Error {
        public init() {}
    }

    public init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure() }  // deinit closes
    }

    deinit { close(descriptor) }

    public func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }  // the other side has hung up: what it said can still be read
            rest = rest.dropFirst(count)
        }
    }

    public func send(_ text: String) { send(Array(text.utf8)) }

    /// No more will be sent.
    public func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    private var received: [UInt8] = []

    /// The next response: up to the end of its body by `Content-Length`, or nil if the connection ends before.
    public func readResponse(hasBody: Bool = true) -> HTTPAnswer? {
        while true {
            if let answer = HTTPAnswer(&received, hasBody: hasBody) { return answer }
            guard receive() else { return nil }
        }
    }

    /// Whether the other side closes the connection, whatever it says before.
    public func isClosed() -> Bool {
        while receive() {}
        return errno == 0 || errno == ECONNRESET
    }

    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        errno = 0
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received += buffer.prefix(count)
        return true
    }

    /// One request on a connection of its own.
    public static func request(
        port: Int, _ method: String, _ path: String, body: String? = nil, headers: [String: String] = [:]
    ) throws -> HTTPAnswer {
        let client = try Client(port: port)
        client.send(text(method, path, body: body, headers: headers))
        guard let answer = client.readResponse(hasBody: method != "HEAD") else { throw Failure() }
        return answer
    }

    public static func text(_ method: String, _ path: String, body: String? = nil, headers: [String: String] = [:])
        -> String
    {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        return text + "\r\n" + (body ?? "")
    }
}

/// A response as it came over the wire.
public struct HTTPAnswer: Sendable {
    public var status: Int
    /// Names in lower case.
    public var headers: [String: String]
    public var body: String

    /// Takes a whole response off the front of `bytes`, or nothing.
    init?(_ bytes: inout [UInt8], hasBody: Bool) {
        guard let end = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        headers = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        let length = hasBody ? Int(headers["content-length"] ?? "0") ?? 0 : 0
        guard bytes.count >= end.upperBound + length else { return nil }
        body = String(decoding: bytes[end.upperBound..<end.upperBound + length], as: UTF8.self)
        bytes.removeFirst(end.upperBound + length)
    }

    /// The body as JSON.
    public func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] ?? [:]
    }
}
