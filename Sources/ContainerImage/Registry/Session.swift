import Foundation
import NIOCore
import NIOHTTP1

/// Requests to one registry: the right scheme, who we are, redirects, and another try where it makes sense.
struct Session: Sendable {
    let base: URL
    let transport: Transport
    let retry: RetryPolicy
    private let authorizer: Authorizer

    /// Finds out how the registry is spoken to.
    ///
    /// - Parameter allowsHTTP: whether a host other than this one may be spoken to without TLS.
    static func connect(
        _ reference: Reference, credentials: Credentials, allowsHTTP: Bool, retry: RetryPolicy, transport: Transport
    ) async throws -> Session {
        let name = URLComponents(string: "https://\(reference.host)")?.host ?? reference.host
        let schemes = Host.isLoopback(name) || allowsHTTP ? ["https", "http"] : ["https"]
        let credential = try credentials.find(for: reference)
        var failure: (any Error)?
        for scheme in schemes {
            guard let base = URL(string: "\(scheme)://\(reference.host)/v2/") else { continue }
            let session = Session(
                base: base, transport: transport, retry: retry,
                authorizer: Authorizer(credential, base: base, transport: transport, retry: retry))
            do {
                let answer = try await session.ping(isLast: scheme == schemes.last)
                if answer.status == 401 { _ = await session.authorizer.learn(from: answer.headers, scope: "") }
                return session
            } catch {
                failure = failure ?? error
                if scheme == "http" { failure = error }
            }
        }
        throw failure ?? ContainerImageError.unreachable(request: reference.host, reason: "it is no host")
    }

    private init(base: URL, transport: Transport, retry: RetryPolicy, authorizer: Authorizer) {
        self.base = base
        self.transport = transport
        self.retry = retry
        self.authorizer = authorizer
    }

    private func ping(isLast: Bool) async throws -> Transport.Answer {
        var attempt = 1
        while true {
            do {
                let answer = try await transport.send(.GET, base)
                _ = await answer.body()
                guard RetryPolicy.statuses.contains(answer.status), attempt < retry.attempts else { return answer }
                try await retry.wait(after: attempt, answer.headers)
            } catch let error as ContainerImageError {
                guard isLast, attempt < 2 else { throw error }
                try await retry.wait(after: attempt, nil)
            }
            attempt += 1
        }
    }

    /// One request; tried again with a new token if the old has run out, and as the policy has it.
    ///
    /// - Parameters:
    ///   - scope: what a token must be good for.
    ///   - isRepeatable: false where the caller has to begin elsewhere after a failure.
    func send(
        _ method: HTTPMethod, _ url: URL, scope: String, headers: HTTPHeaders = [:], body: Content? = nil,
        isRepeatable: Bool = true
    ) async throws -> Transport.Answer {
        var (attempt, hasLoggedIn) = (1, false)
        while true {
            do {
                let answer = try await follow(method, url, scope: scope, headers: headers, body: body)
                if answer.status == 401, !hasLoggedIn, await authorizer.learn(from: answer.headers, scope: scope) {
                    hasLoggedIn = true
                    if isRepeatable {
                        _ = await answer.body()
                        continue
                    }
                }
                guard isRepeatable, RetryPolicy.statuses.contains(answer.status), attempt < retry.attempts else {
                    return answer
                }
                _ = await answer.body()
                try await retry.wait(after: attempt, answer.headers)
            } catch let error as ContainerImageError where error.isOutside && isRepeatable && attempt < retry.attempts {
                if case .refused = error { throw error }  // a token service that said no will say it again
                try await retry.wait(after: attempt, nil)
            }
            attempt += 1
        }
    }

    private func follow(_ method: HTTPMethod, _ url: URL, scope: String, headers: HTTPHeaders, body: Content?)
        async throws
        -> Transport.Answer
    {
        var url = url
        for _ in 0..<6 {
            var headers = headers
            if isOwn(url), let authorization = try await authorizer.authorization(for: scope) {
                headers.replaceOrAdd(name: "Authorization", value: authorization)
            }
            let answer = try await transport.send(method, url, headers: headers, body: body)
            guard method == .GET || method == .HEAD, [301, 302, 303, 307, 308].contains(answer.status) else {
                return answer
            }
            _ = await answer.body()
            url = try location(answer, of: url)
        }
        throw ContainerImageError.unreachable(
            request: "\(method.rawValue) \(url.redacted)", reason: "more than five redirects")
    }

    /// Where an answer sends us, refused where it has no business to.
    func location(_ answer: Transport.Answer, of url: URL) throws -> URL {
        guard let text = answer.headers.first(name: "Location"),
            let target = URL(string: text, relativeTo: url)?.absoluteURL
        else {
            throw ContainerImageError.refused(
                request: url.redacted, status: answer.status, detail: "without a usable Location header",
                advice: "Check that this is a registry.")
        }
        guard Self.mayFollow(target, from: base) else {
            throw ContainerImageError.refused(
                request: url.redacted, status: answer.status, detail: "and points to \(target.redacted)",
                advice: "This is not followed: it leaves TLS, or goes to a private address of another host.")
        }
        return target
    }

    /// Secrets go to the registry itself alone.
    private func isOwn(_ url: URL) -> Bool {
        func port(_ url: URL) -> Int? { url.port ?? ["https": 443, "http": 80][url.scheme?.lowercased() ?? ""] }
        return url.scheme?.lowercased() == base.scheme && url.host?.lowercased() == base.host?.lowercased()
            && port(url) == port(base)
    }

    /// Whether `url`, which the registry at `base` named, may be asked at all.
    static func mayFollow(_ url: URL, from base: URL) -> Bool {
        guard let host = url.host, url.user == nil,
            url.scheme == "https" || url.scheme == "http" && base.scheme == "http"
        else { return false }
        return host.lowercased() == base.host?.lowercased() || !Host.isPrivate(host) || Host.isPrivate(base.host ?? "")
    }
}
