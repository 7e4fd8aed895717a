import AsyncHTTPClient
import Foundation

/// Finds the addresses of hosts that a registry names, and connects to these addresses only.
///
/// A name may have another address a moment later. A client that looked it up again could connect to an address that
/// nobody has checked.
actor PinnedClients {
    /// Returns the addresses of a host, or an empty list if it has none.
    typealias Resolve = @Sendable (String) async -> [String]

    private let configuration: HTTPClient.Configuration
    private let resolve: Resolve
    private var lookups: [String: Task<[String], Never>] = [:]
    private var clients: [String: HTTPClient] = [:]

    /// The largest number of hosts that a registry may name.
    private static let mostHosts = 64

    init(_ configuration: HTTPClient.Configuration, resolve: @escaping Resolve) {
        self.configuration = configuration
        self.resolve = resolve
    }

    /// Returns the addresses of a host, which stay the same for this process.
    func addresses(of host: String) async throws -> [String] {
        if lookups[host] == nil {
            guard lookups.count < Self.mostHosts else {
                throw ContainerImageError.unreachable(
                    request: host, reason: "the registry has named more than \(Self.mostHosts) other hosts")
            }
            lookups[host] = Task { [resolve] in Array(await resolve(host).prefix(4)) }
        }
        let found = await lookups[host]?.value ?? []
        guard !found.isEmpty else {
            lookups[host] = nil
            throw ContainerImageError.unreachable(request: host, reason: "its name has no address")
        }
        return found
    }

    /// Returns the client that connects to `address` if it is asked for `host`.
    ///
    /// The certificate must still be that of the host.
    func client(for host: String, at address: String) -> HTTPClient {
        let key = "\(host) \(address)"
        if let client = clients[key] { return client }
        var configuration = configuration
        configuration.dnsOverride = [host: address]
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        clients[key] = client
        return client
    }

    func shutdown() async throws {
        for client in clients.values { try await client.shutdown() }
        clients = [:]
    }
}
