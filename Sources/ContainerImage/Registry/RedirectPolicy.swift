import Foundation

/// Decides which addresses that a registry names may be requested, and which may see its credentials.
struct RedirectPolicy: Sendable {
    /// The address of the registry.
    let base: URL
    /// Whether the registry may name addresses outside the public network.
    var allowsPrivate = false

    /// Why an address must not be requested.
    struct Refusal: Error {
        var reason: String
    }

    /// Whether `url` may be requested, as far as its text says.
    func allows(_ url: URL) -> Bool { refusal(of: url) == nil }

    /// The reason why `url` must not be requested, as far as its text says; nil if there is none.
    ///
    /// The address must not leave TLS, and must not have a user name. It must be public, unless it is on the registry
    /// itself or the user allows private addresses.
    func refusal(of url: URL) -> Refusal? {
        guard let host = url.host, !host.isEmpty, url.user == nil, url.password == nil else {
            return Refusal(reason: "It has no host, or it has a user name.")
        }
        guard url.scheme == "https" || url.scheme == "http" && base.scheme == "http" else {
            return Refusal(reason: "It leaves TLS.")
        }
        return isRegistry(url) || allowsPrivate || !Host.isPrivate(host) ? nil : privateAddress
    }

    /// Returns the addresses that a request of `url` must connect to, or nil if the name alone decides.
    ///
    /// The addresses have been checked. A proxy looks up names itself, so behind a proxy only the text of `url` is checked.
    ///
    /// Throws `Refusal` if `url` must not be requested.
    func addresses(for url: URL, _ transport: Transport) async throws -> [String]? {
        if let refusal = refusal(of: url) { throw refusal }
        guard let host = url.host, !isRegistry(url), !allowsPrivate, !Host.isAddress(host),
            !transport.usesProxy(for: url)
        else { return nil }
        let addresses = try await transport.pinned.addresses(of: host)
        guard !addresses.contains(where: Host.isPrivate) else { throw privateAddress }
        return addresses
    }

    private var privateAddress: Refusal {
        Refusal(reason: "It is a private address. If you trust the registry, use --allow-private-redirects.")
    }

    /// Whether `url` is on the registry itself, the only place that credentials are sent to.
    func isRegistry(_ url: URL) -> Bool {
        func port(_ url: URL) -> Int? { url.port ?? ["https": 443, "http": 80][url.scheme?.lowercased() ?? ""] }
        return url.scheme?.lowercased() == base.scheme && url.host?.lowercased() == base.host?.lowercased()
            && port(url) == port(base)
    }
}

extension URL {
    /// The address without its query, user name and password, which may be secret.
    var redacted: String {
        var parts = URLComponents(url: self, resolvingAgainstBaseURL: true)
        if parts?.query != nil { parts?.query = nil }
        parts?.user = nil
        parts?.password = nil
        return parts?.string ?? host ?? ""
    }
}
