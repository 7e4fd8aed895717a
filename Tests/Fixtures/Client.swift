import Foundation
import Glibc

/// A TCP connection to 127.0.0.1 that sends any bytes and reads HTTP responses.
///
/// Tests use it instead of an HTTP library because they also send requests that are not valid.
public final class Client {
    private let descriptor: Int32

    /// A connection or a program that a test needs did not start, or a response did not arrive.
    public struct Failure: Error {
        /// Creates a failure.
        public init() {}
    }

    /// Opens a connection; a read waits at most 20 seconds.
    ///
    /// - Parameter port: a port of 127.0.0.1.
    /// - Throws: `Failure` if nothing listens on the port.
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
        guard connected == 0 else { throw Failure() }  // deinit closes the socket
    }

    deinit { if !isReset { close(descriptor) } }

    /// Sends bytes, as many of them as the other side accepts.
    public func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }  // the peer has closed, but its response can still be read
            rest = rest.dropFirst(count)
        }
    }

    /// Sends a text as UTF-8.
    public func send(_ text: String) { send(Array(text.utf8)) }

    /// Closes the sending half of the connection; responses can still be read.
    public func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Resets the connection, as a client does that is killed or gives up.
    public func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        isReset = true
        close(descriptor)
    }

    private var isReset = false
    private var received: [UInt8] = []

    /// Reads the next response, whose body ends after `Content-Length` bytes.
    ///
    /// - Parameter hasBody: false for the response to a `HEAD` request.
    /// - Returns: the response, or nil if the connection ends, or nothing arrives for 20 seconds, before it is complete.
    public func readResponse(hasBody: Bool = true) -> HTTPAnswer? {
        while true {
            if let answer = HTTPAnswer(&received, hasBody: hasBody) { return answer }
            guard receive() else { return nil }
        }
    }

    /// Reads until the connection ends and returns whether the other side closed it.
    ///
    /// The result is false if nothing arrives for 20 seconds.
    public func isClosed() -> Bool {
        while receive() {}
        return errno == 0 || errno == ECONNRESET
    }

    /// Appends the bytes that arrive next to `received`; returns false at the end, after an error and after 20 seconds.
    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        errno = 0
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received += buffer.prefix(count)
        return true
    }

    /// Sends one request on a new connection and reads the response.
    ///
    /// - Parameters:
    ///   - port: a port of 127.0.0.1.
    ///   - method: the HTTP method.
    ///   - path: the path, with the query if there is one.
    ///   - body: a JSON document, or nil for a request without a body.
    ///   - headers: headers besides `Host`, `Content-Type` and `Content-Length`.
    /// - Returns: the response.
    /// - Throws: `Failure` if nothing listens on the port or there is no complete response.
    public static func request(
        port: Int, _ method: String, _ path: String, body: String? = nil, headers: [String: String] = [:]
    ) throws -> HTTPAnswer {
        let client = try Client(port: port)
        client.send(text(method, path, body: body, headers: headers))
        guard let answer = client.readResponse(hasBody: method != "HEAD") else { throw Failure() }
        return answer
    }

    /// Returns the text of an HTTP/1.1 request; the parameters are those of `request`.
    public static func text(_ method: String, _ path: String, body: String? = nil, headers: [String: String] = [:])
        -> String
    {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        return text + "\r\n" + (body ?? "")
    }
}

/// An HTTP response, as it was received.
public struct HTTPAnswer: Equatable, Sendable {
    /// The status code, or 0 if the status line has none.
    public var status: Int
    /// The headers by name in lower case; of headers with the same name, the last one.
    public var headers: [String: String]
    /// The body, decoded as UTF-8.
    public var body: String

    /// Removes one complete response from the front of `bytes`, or returns nil and leaves `bytes` unchanged.
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

    /// Parses the body as a JSON object.
    ///
    /// - Returns: the object, or an empty dictionary if the JSON value is not an object.
    /// - Throws: an error of `JSONSerialization` if the body is not JSON.
    public func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] ?? [:]
    }
}
