import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL
import Synchronization

/// The HTTP clients of this process, one for each configuration, which live until the process ends.
enum Clients {
    private static let all = Mutex<[String: HTTPClient]>([:])

    /// The client for an address: with the proxy and the certificates that the environment names, as curl does.
    static func client(for url: URL, _ environment: [String: String], _ patience: Patience) -> HTTPClient {
        let proxy = proxy(for: url, environment)
        let certificates = ["MLFLOW_TRACKING_SERVER_CERT_PATH", "SSL_CERT_FILE"].lazy.compactMap { environment[$0] }
            .first { !$0.isEmpty }
        let key = "\(proxy ?? "") \(certificates ?? "") \(patience.silence)"
        return all.withLock { clients in
            if let client = clients[key] { return client }
            let client = HTTPClient(
                eventLoopGroupProvider: .singleton, configuration: configuration(proxy, certificates, patience))
            clients[key] = client
            return client
        }
    }

    private static func configuration(
        _ proxy: String?, _ certificates: String?, _ patience: Patience
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, decompression: .disabled)
        configuration.timeout = .init(
            connect: .seconds(10), read: .init(patience.silence), write: .init(patience.silence))
        configuration.connectionPool.retryConnectionEstablishment = false  // the connection decides about attempts
        configuration.httpVersion = .http1Only
        if let certificates {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.file(certificates)]
            configuration.tlsConfiguration = tls
        }
        if let proxy, let parts = URLComponents(string: proxy.contains("://") ? proxy : "http://\(proxy)"),
            let host = parts.host
        {
            let authorization = parts.user.map {
                HTTPClient.Authorization.basic(username: $0, password: parts.password ?? "")
            }
            configuration.proxy = .server(host: host, port: parts.port ?? 3128, authorization: authorization)
        }
        return configuration
    }

    /// The proxy for an address, or nil.
    ///
    /// Servers on this machine have none.
    static func proxy(for url: URL, _ environment: [String: String]) -> String? {
        guard let host = url.host, !url.isLoopback else { return nil }
        // Some servers set HTTP_PROXY from a header of a request, so curl reads only the small letters.
        let names = url.scheme == "https" ? ["HTTPS_PROXY", "https_proxy"] : ["http_proxy"]
        guard let proxy = names.compactMap({ environment[$0] }).first(where: { !$0.isEmpty }) else { return nil }
        let exceptions = (environment["NO_PROXY"] ?? environment["no_proxy"] ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let isException = exceptions.contains {
            $0 == "*" || host == $0 || !$0.isEmpty && host.hasSuffix($0.hasPrefix(".") ? $0 : ".\($0)")
        }
        return isException ? nil : proxy
    }
}
