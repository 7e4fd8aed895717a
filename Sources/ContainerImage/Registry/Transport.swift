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

        /// The body of a small answer; what is longer is cut, as a registry may send anything on an error.
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
        if let text = environment["HTTPS_PROXY"] ?? environment["https_proxy"],
            let url = URLComponents(string: text), let host = url.host
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
        host == "localhost" || host.hasSuffix(".localhost") || host == "::1" || host == "[::1]"
            || isAddress(host) && host.hasPrefix("127.")
    }

    /// An address that is not on the public net, where a registry outside has no business to send us.
    static func isPrivate(_ host: String) -> Bool {
        if isLoopback(host) { return true }
        if host.contains(":") {  // IPv6: link-local, unique local, and mapped IPv4
            let name = host.lowercased().drop { $0 == "[" }
            return ["fe8", "fe9", "fea", "feb", "fc", "fd", "::"].contains { name.hasPrefix($0) }
        }
        guard isAddress(host) else { return false }
        let parts = host.split(separator: ".").compactMap { Int($0) }
        return parts[0] == 10 || parts[0] == 0 || parts[0] == 169 && parts[1] == 254
            || parts[0] == 192 && parts[1] == 168
            || parts[0] == 172 && (16...31).contains(parts[1])
    }

    private static func isAddress(_ host: String) -> Bool {
        host.wholeMatch(of: /\d{1,3}(\.\d{1,3}){3}/) != nil
    }
}
