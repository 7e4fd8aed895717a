import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// HTTP without any idea of registries: one request, one answer, no redirect followed.
struct Transport: Sendable {
    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var content: HTTPClientResponse.Body

        /// The body of an answer that is a document, refused above `limit` bytes.
        func document(upTo limit: Int, named name: String) async throws -> ByteBuffer {
            var all = ByteBuffer()
            do {
                for try await var bytes in content {
                    all.writeBuffer(&bytes)
                    guard all.readableBytes <= limit else { break }
                }
            } catch {
                throw ContainerImageError.unreachable(request: name, reason: "the connection broke: \(error)")
            }
            guard all.readableBytes <= limit else {
                throw ContainerImageError.invalid(
                    what: name, reason: "it has more than \(limit) bytes", advice: "It is no image document.")
            }
            return all
        }

        /// The body of an answer that nobody relies on; what is longer is cut, as an error may come with anything.
        func body(upTo limit: Int = 64 << 10) async -> ByteBuffer {
            var all = ByteBuffer()
            do {
                for try await var bytes in content {
                    all.writeBuffer(&bytes)
                    guard all.readableBytes <= limit else { break }
                }
            } catch {}  // what came until here is all there is to tell
            return all
        }
    }

    private let direct: HTTPClient
    private let proxied: HTTPClient?
    private let exceptions: [String]

    /// The client of this process, with its environment's proxy and certificates.
    static let shared = Transport(environment: ProcessInfo.processInfo.environment)

    /// - Parameter environment: `HTTPS_PROXY` and `NO_PROXY`, as curl has them; `SSL_CERT_FILE`, authorities to trust in
    ///   addition to the system's.
    init(environment: [String: String]) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, decompression: .disabled)
        configuration.timeout = .init(connect: .seconds(15), read: .minutes(5), write: .minutes(5))
        configuration.connectionPool.retryConnectionEstablishment = false  // whoever calls decides on another try
        configuration.httpVersion = .http1Only  // one long upload a connection: nothing to multiplex
        if let file = environment["SSL_CERT_FILE"] {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.file(file)]
            configuration.tlsConfiguration = tls
        }
        direct = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        exceptions = (environment["NO_PROXY"] ?? environment["no_proxy"] ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        if let text = environment["HTTPS_PROXY"] ?? environment["https_proxy"], !text.isEmpty,
            let url = URLComponents(string: text.contains("://") ? text : "http://\(text)"), let host = url.host
        {
            let authorization = url.user.map {
                HTTPClient.Authorization.basic(username: $0, password: url.password ?? "")
            }
            configuration.proxy = .server(host: host, port: url.port ?? 3128, authorization: authorization)
            proxied = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        } else {
            proxied = nil
        }
    }

    /// Closes its connections; only for one that is not shared.
    func shutdown() async throws {
        try await direct.shutdown()
        try await proxied?.shutdown()
    }

    func send(_ method: HTTPMethod, _ url: URL, headers: HTTPHeaders = [:], body: Content? = nil) async throws -> Answer
    {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = method
        request.headers = headers
        request.headers.replaceOrAdd(name: "User-Agent", value: "pinson")
        if let body { request.body = .stream(body, length: .known(body.size)) }
        do {
            let response = try await client(for: url).execute(request, deadline: .distantFuture)
            return Answer(status: Int(response.status.code), headers: response.headers, content: response.body)
        } catch let error as ContainerImageError {
            throw error  // of the content that was to be sent
        } catch let error as CancellationError {
            throw error
        } catch {
            throw ContainerImageError.unreachable(request: "\(method.rawValue) \(url.redacted)", reason: "\(error)")
        }
    }

    private func client(for url: URL) -> HTTPClient {
        guard let proxied, let host = url.host, !Host.isLoopback(host),
            !exceptions.contains(where: { $0 == "*" || host == $0 || host.hasSuffix($0.hasPrefix(".") ? $0 : ".\($0)") }
            )
        else { return direct }
        return proxied
    }
}

extension URL {
    /// Without its query and password, which may hold secrets.
    var redacted: String {
        var parts = URLComponents(url: self, resolvingAgainstBaseURL: true)
        if parts?.query != nil { parts?.query = nil }
        parts?.user = nil
        parts?.password = nil
        return parts?.string ?? host ?? ""
    }
}

/// What may be known of a host from its name alone.
enum Host {
    /// This machine; a registry there needs no TLS.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        if let address = ipv4(host) { return address >> 24 == 127 }
        return ipv6(host)?.elementsEqual([UInt8](repeating: 0, count: 15) + [1]) ?? false
    }

    /// An address that is not on the public net, where a registry outside has no business to send us.
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
        // Link-local, unique local, unspecified, and every IPv4 address in the clothes of another.
        return bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 || bytes[0] & 0xFE == 0xFC
            || bytes[..<10].allSatisfy { $0 == 0 }
    }

    /// In host order; every spelling that a resolver takes for an address: `127.1`, `0x7f000001`.
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
