import Glibc

/// A TCP connection to the function on this machine, which never blocks.
final class LoopbackSocket {
    let descriptor: Int32

    /// Starts to connect, or returns nil if the system has no descriptor or address left.
    ///
    /// - Parameters:
    ///   - port: The port of the function.
    ///   - number: The number of the client. Clients come from different addresses, as they do on a network, because the
    ///     function may limit the connections of one address.
    init?(port: UInt16, client number: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        // All of 127.0.0.0/8 is this machine.
        let own = UInt32(0x7F00_0000) + UInt32(number / 200 % 200 + 1) << 8 + UInt32(number % 200 + 1)
        var enabled: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &enabled, socklen_t(MemoryLayout<Int32>.size))
        let isBound = Self.withAddress(own, 0) { bind(descriptor, $0, $1) } == 0
        guard isBound else { return nil }
        let result = Self.withAddress(0x7F00_0001, port) { connect(descriptor, $0, $1) }
        guard result == 0 || errno == EINPROGRESS else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private static func withAddress(
        _ host: UInt32, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    )
        -> Int32
    {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = host.bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Sends bytes from `offset` to `end`, and returns the new offset, or nil if the connection is broken.
    func send(_ bytes: [UInt8], from offset: Int, to end: Int) -> Int? {
        var offset = offset
        while offset < end {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress.map { $0 + offset }, end - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return errno == EAGAIN || errno == ENOTCONN ? offset : nil }
            offset += count
        }
        return offset
    }

    /// Reads the bytes that have arrived; returns nil if none have, and an empty array at the end or after an error.
    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno == EAGAIN || errno == ENOTCONN { return nil }
        return Array(buffer.prefix(max(0, count)))
    }
}
