public import Foundation
import Glibc

/// A container registry on a free port of 127.0.0.1: the program `docker-registry` of Debian.
public struct RealRegistry {
    /// The host name and port, such as `localhost:41234`.
    public let host: String
    /// The path of the registry's self-signed certificate, a PEM file that exists only with TLS.
    public let certificate: String
    private let process: Process

    /// Starts a registry and waits until it accepts connections, at most 5 seconds.
    ///
    /// - Parameters:
    ///   - folder: an existing folder for its configuration and images.
    ///   - tls: whether to serve HTTPS with a new certificate for `localhost`, instead of HTTP.
    /// - Throws: `Client.Failure` if there is no free port or `openssl` is missing or fails, or an error of Foundation
    ///   if a file cannot be written or the program cannot be started.
    public init(in folder: URL, tls: Bool = false) throws {
        let port = try Self.freePort()
        host = "localhost:\(port)"
        certificate = folder.appendingPathComponent("cert.pem").path
        var configuration = """
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: \(folder.path)/registry}}
            http:
              addr: 127.0.0.1:\(port)

            """
        if tls {
            let key = folder.appendingPathComponent("key.pem").path
            guard let openssl = Program.find("openssl") else { throw Client.Failure() }
            let made = try Program.run(
                openssl,
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
                ])
            guard made.status == 0 else { throw Client.Failure() }
            configuration += "  tls: {certificate: \(certificate), key: \(key)}\n"
        }
        let file = folder.appendingPathComponent("config.yml")
        try Data(configuration.utf8).write(to: file)
        process = Process()
        process.executableURL = Program.find("docker-registry")
        process.arguments = ["serve", file.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<100 where (try? Client(port: port)) == nil { usleep(50_000) }
    }

    /// Ends the registry and waits until it has ended.
    public func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// Returns a port of 127.0.0.1 that was free a moment ago; the system chooses it.
    ///
    /// - Throws: `Client.Failure` if there is no free port.
    public static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafeMutablePointer(to: &address) { pointer in
            let isBound = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
            guard isBound else { throw Client.Failure() }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
    }
}
