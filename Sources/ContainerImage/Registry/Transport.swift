import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Sends HTTP requests.
///
/// It knows nothing about registries, and follows no redirects.
struct Transport: Sendable {
    /// The answer to a request, whose body is still to be read.
    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var content: HTTPClientResponse.Body

        /// Reads the body of an answer that is a document, or throws if it has more than `limit` bytes.
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
                    what: name, reason: "it has more than the \(limit) bytes that a document may have",
                    advice: "Check that this is an image.")
            }
            return all
        }

        /// Reads the start of a body that is only for information, such as that of an error.
        func body(upTo limit: Int = 64 << 10) async -> ByteBuffer {
            var all = ByteBuffer()
            do {
                for try await var bytes in content {
                    all.writeBuffer(&bytes)
                    guard all.readableBytes <= limit else { break }
                }
            } catch {}  // the bytes that arrived before are still useful
            return all
        }
    }

    private let direct: HTTPClient
    private let proxied: HTTPClient?
    /// The hosts that are requested without the proxy.
    private let exceptions: [String]

    /// The client of this process, which uses the proxy and the certificates of its environment.
    static let shared = Transport(environment: ProcessInfo.processInfo.environment)

    /// A client that uses an environment: `HTTPS_PROXY` and `NO_PROXY` as curl does, and `SSL_CERT_FILE`, which has
    /// certificates that are trusted in addition to those of the system.
    init(environment: [String: String]) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, decompression: .disabled)
        configuration.timeout = .init(connect: .seconds(15), read: .minutes(5), write: .minutes(5))
        configuration.connectionPool.retryConnectionEstablishment = false  // the caller decides about retries
        configuration.httpVersion = .http1Only  // a connection carries one long upload, so HTTP/2 has no advantage
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

    /// Closes the connections.
    ///
    /// Do not call this on the shared client.
    func shutdown() async throws {
        try await direct.shutdown()
        try await proxied?.shutdown()
    }

    /// Sends one request, and returns the answer as soon as its headers have arrived.
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
            throw error  // the body could not be read
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
