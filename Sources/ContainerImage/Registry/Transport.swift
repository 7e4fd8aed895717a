import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Sends HTTP requests.
///
/// It knows nothing about registries, and follows no redirects.
struct Transport: Sendable {
    /// How slow a registry may be.
    let pace: Pace
    /// The passwords that a proxy gets.
    let secrets = Secrets()
    /// The clients for hosts that a registry names.
    let pinned: PinnedClients
    private let direct: HTTPClient
    private let proxied: HTTPClient?
    /// The hosts that are requested without the proxy.
    private let exceptions: [String]

    /// The client of this process, which uses the proxy and the certificates of its environment.
    static let shared = Transport(environment: ProcessInfo.processInfo.environment)

    /// A client that uses an environment: `HTTPS_PROXY` and `NO_PROXY` as curl does, and `SSL_CERT_FILE`, which has
    /// certificates that are trusted in addition to those of the system.
    ///
    /// Tests replace the pace and the lookup of names.
    init(
        environment: [String: String], pace: Pace = Pace(),
        resolve: @escaping PinnedClients.Resolve = { await Host.resolve($0) }
    ) {
        self.pace = pace
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, decompression: .disabled)
        configuration.timeout = .init(connect: .seconds(15), read: .init(pace.silence), write: .init(pace.silence))
        configuration.connectionPool.retryConnectionEstablishment = false  // the caller decides about retries
        configuration.httpVersion = .http1Only  // a connection carries one long upload, so HTTP/2 has no advantage
        if let file = environment["SSL_CERT_FILE"] {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.file(file)]
            configuration.tlsConfiguration = tls
        }
        pinned = PinnedClients(configuration, resolve: resolve)
        direct = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        exceptions = (environment["NO_PROXY"] ?? environment["no_proxy"] ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        if let text = environment["HTTPS_PROXY"] ?? environment["https_proxy"], !text.isEmpty,
            let url = URLComponents(string: text.contains("://") ? text : "http://\(text)"), let host = url.host
        {
            if let user = url.user { secrets.add(user: user, password: url.password ?? "") }
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
        try await pinned.shutdown()
    }

    /// Sends one request, and returns the answer as soon as its headers have arrived.
    ///
    /// If `addresses` is not nil, only these addresses are connected to, one after the other. The headers must arrive
    /// before `deadline`; nil allows the time that the size of the body allows.
    func send(
        _ method: HTTPMethod, _ url: URL, headers: HTTPHeaders = [:], body: Content? = nil, addresses: [String]? = nil,
        deadline: ContinuousClock.Instant? = nil
    ) async throws -> Answer {
        let name = "\(method.rawValue) \(url.redacted)"
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = method
        request.headers = headers
        request.headers.replaceOrAdd(name: "User-Agent", value: "pinson")
        let watch = body.map { _ in UploadWatch() }
        if let body { request.body = .stream(body.metered(name, pace, watch), length: .known(body.size)) }
        let start = ContinuousClock.now
        let left = (deadline ?? pace.deadline(for: body?.size ?? 0)) - start
        let time = "an answer within \(seconds(pace.total(for: body?.size ?? 0))), with all attempts"
        guard left > .zero else {
            throw ContainerImageError.tooSlow(request: name, got: "the time of the operation is over", wanted: time)
        }
        do {
            let deadline = NIODeadline.now() + .init(left)
            guard let watch else {
                return Answer(try await execute(request, url, addresses, deadline: deadline), pace: pace)
            }
            let response = try await watch.run(name, silence: pace.silence) { [request] in
                try await execute(request, url, addresses, deadline: deadline)
            }
            return Answer(response, pace: pace)
        } catch let error as ContainerImageError {
            throw error  // the body could not be read, or was taken too slowly
        } catch let error as CancellationError {
            throw error
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            throw ContainerImageError.tooSlow(
                request: name, got: "the registry did not answer within \(seconds(.now - start))",
                wanted: time)
        } catch {
            throw ContainerImageError.unreachable(request: name, reason: Self.reason(error, pace.silence))
        }
    }

    /// Sends a request to the first of `addresses` that accepts a connection.
    private func execute(_ request: HTTPClientRequest, _ url: URL, _ addresses: [String]?, deadline: NIODeadline)
        async throws -> HTTPClientResponse
    {
        guard let addresses, let host = url.host else {
            return try await (usesProxy(for: url) ? proxied ?? direct : direct).execute(request, deadline: deadline)
        }
        for address in addresses.dropLast() {
            do {
                return try await pinned.client(for: host, at: address).execute(request, deadline: deadline)
            } catch  where Self.isUnconnected(error) {
                continue  // the next address may accept a connection
            }
        }
        return try await pinned.client(for: host, at: addresses.last ?? host).execute(request, deadline: deadline)
    }

    /// Whether an error says that there was no connection, so that nothing of the request was sent.
    private static func isUnconnected(_ error: any Error) -> Bool {
        let codes = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL, EAFNOSUPPORT]
        return error as? HTTPClientError == .connectTimeout
            || (error as? IOError).map { codes.contains($0.errnoCode) } == true
    }

    /// The text of an error of the client.
    static func reason(_ error: any Error, _ silence: Duration) -> String {
        switch error as? HTTPClientError {
        case .readTimeout?: "nothing arrived for \(seconds(silence))"
        case .writeTimeout?: "nothing could be sent for \(seconds(silence))"
        default: "\(error)"
        }
    }

    /// Whether a request of `url` goes through the proxy.
    func usesProxy(for url: URL) -> Bool {
        guard proxied != nil, let host = url.host, !Host.isLoopback(host) else { return false }
        return !exceptions.contains {
            $0 == "*" || host == $0 || host.hasSuffix($0.hasPrefix(".") ? $0 : ".\($0)")
        }
    }
}
