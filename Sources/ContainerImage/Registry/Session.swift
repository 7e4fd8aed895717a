import Foundation
import NIOCore
import NIOHTTP1

/// Sends requests to one registry, with the right scheme and credentials, follows redirects, and retries.
struct Session: Sendable {
    /// The address of the registry, which ends in `/v2/`.
    let base: URL
    let transport: Transport
    let retry: RetryPolicy
    private let authorizer: Authorizer

    /// Finds out whether the registry of `reference` speaks TLS, and how it wants requests to be authorized.
    ///
    /// Plain HTTP is tried if the registry is on this machine or `allowsHTTP` is true.
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
        throw failure
            ?? ContainerImageError.unreachable(request: reference.host, reason: "it is not a valid host name")
    }

    private init(base: URL, transport: Transport, retry: RetryPolicy, authorizer: Authorizer) {
        self.base = base
        self.transport = transport
        self.retry = retry
        self.authorizer = authorizer
    }

    /// Requests the base address, with fewer attempts if another scheme can be tried.
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

    /// Sends a request, again with a new token if the old one has expired, and again as the retry policy says.
    ///
    /// `scope` is what a token must allow. Set `isRepeatable` to false if the caller has to start a new upload after a
    /// failure.
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
                if case .refused = error { throw error }  // a token service that refused will refuse again
                try await retry.wait(after: attempt, nil)
            }
            attempt += 1
        }
    }

    /// Sends a request, and follows redirects if it only reads.
    private func follow(_ method: HTTPMethod, _ url: URL, scope: String, headers: HTTPHeaders, body: Content?)
        async throws
        -> Transport.Answer
    {
        var url = url
        for _ in 0..<6 {
            var headers = headers
            if RedirectPolicy(base: base).isRegistry(url),
                let authorization = try await authorizer.authorization(for: scope)
            {
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
            request: "\(method.rawValue) \(url.redacted)", reason: "there were more than five redirects")
    }

    /// Returns the `Location` of an answer to a request of `url`, or throws if it must not be requested.
    func location(_ answer: Transport.Answer, of url: URL) throws -> URL {
        guard let text = answer.headers.first(name: "Location"),
            let target = URL(string: text, relativeTo: url)?.absoluteURL
        else {
            throw ContainerImageError.refused(
                request: url.redacted, status: answer.status, detail: "without a valid Location header",
                advice: "Check that this is a registry.")
        }
        guard RedirectPolicy(base: base).allows(target) else {
            throw ContainerImageError.refused(
                request: url.redacted, status: answer.status, detail: "with a redirect to \(target.redacted)",
                advice: "The redirect is not followed, because it leaves TLS or leads to a private address.")
        }
        return target
    }
}
