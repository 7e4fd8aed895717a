import Foundation

/// Decides which addresses that a registry names may be requested, and which may see its credentials.
struct RedirectPolicy: Sendable {
    /// The address of the registry.
    let base: URL

    /// Whether `url` may be requested at all.
    ///
    /// The address must not leave TLS, must not have a user name, and must not be a private address of another host
    /// unless the registry is on a private address as well.
    func allows(_ url: URL) -> Bool {
        guard let host = url.host, url.user == nil,
            url.scheme == "https" || url.scheme == "http" && base.scheme == "http"
        else { return false }
        return host.lowercased() == base.host?.lowercased() || !Host.isPrivate(host) || Host.isPrivate(base.host ?? "")
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
