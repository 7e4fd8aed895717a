import Foundation
import NIOCore
import NIOHTTP1

/// Sends requests to one registry, with the right scheme and credentials, follows redirects, and retries.
struct Session: Sendable {
    /// The address of the registry, which ends in `/v2/`.
    let base: URL
    let transport: Transport
    let retry: RetryPolicy
    /// What has been sent and must not be printed.
    let secrets: Secrets
    private let policy: RedirectPolicy
    private let authorizer: Authorizer

    /// Finds out whether the registry of `reference` speaks TLS, and how it wants requests to be authorized.
    ///
    /// Plain HTTP is tried if the registry is on this machine or `allowsHTTP` is true.
    static func connect(
        _ reference: Reference, credentials: Credentials, allowsHTTP: Bool, allowsPrivateRedirects: Bool,
        retry: RetryPolicy, transport: Transport
    ) async throws -> Session {
        let name = URLComponents(string: "https://\(reference.host)")?.host ?? reference.host
        let schemes = Host.isLoopback(name) || allowsHTTP ? ["https", "http"] : ["https"]
        let credential = try credentials.find(for: reference)
        var failure: (any Error)?
        for scheme in schemes {
            guard let base = URL(string: "\(scheme)://\(reference.host)/v2/") else { continue }
            let session = Session(
                RedirectPolicy(base: base, allowsPrivate: allowsPrivateRedirects), credential, transport, retry)
            do {
                let answer = try await session.redacting { try await session.ping(isLast: scheme == schemes.last) }
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

    private init(_ policy: RedirectPolicy, _ credential: Credential?, _ transport: Transport, _ retry: RetryPolicy) {
        self.policy = policy
        self.transport = transport
        self.retry = retry
        base = policy.base
        secrets = Secrets()
        authorizer = Authorizer(credential, policy, transport: transport, retry: retry, secrets: secrets)
    }

    /// Runs `body`, and removes from its error what the registry must not make us print.
    func redacting<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as ContainerImageError {
            throw error.mapped(redact)
        }
    }

    /// Returns `text` without the passwords and tokens that have been sent.
    func redact(_ text: String) -> String { secrets.redact(transport.secrets.redact(text)) }

    /// Requests the base address, with fewer attempts if another scheme can be tried.
    private func ping(isLast: Bool) async throws -> Transport.Answer {
        let deadline = transport.pace.deadline(for: 0)
        var attempt = 1
        while true {
            do {
                let answer = try await transport.send(.GET, base, deadline: deadline)
                _ = await answer.body()
                guard RetryPolicy.statuses.contains(answer.status), attempt < retry.attempts, .now < deadline else {
                    return answer
                }
                try await retry.wait(after: attempt, answer.headers)
            } catch let error as ContainerImageError {
                guard isLast, attempt < 2, error.mayPass else { throw error }
                try await retry.wait(after: attempt, nil)
            }
            attempt += 1
        }
    }

    /// Sends a request, again with a new token if the old one has expired, and again as the retry policy says.
    ///
    /// `scope` is what a token must allow. Set `isRepeatable` to false if the caller has to start a new upload after a
    /// failure. All attempts together end at `deadline`; nil allows the time that the size of the body allows.
    func send(
        _ method: HTTPMethod, _ url: URL, scope: String, headers: HTTPHeaders = [:], body: Content? = nil,
        isRepeatable: Bool = true, deadline: ContinuousClock.Instant? = nil
    ) async throws -> Transport.Answer {
        let deadline = deadline ?? transport.pace.deadline(for: body?.size ?? 0)
        var (attempt, hasLoggedIn) = (1, false)
        while true {
            do {
                let answer = try await follow(
                    method, url, scope: scope, headers: headers, body: body, deadline: deadline)
                if answer.status == 401, !hasLoggedIn, await authorizer.learn(from: answer.headers, scope: scope) {
                    hasLoggedIn = true
                    if isRepeatable {
                        _ = await answer.body()
                        continue
                    }
                }
                guard isRepeatable, RetryPolicy.statuses.contains(answer.status), attempt < retry.attempts,
                    .now < deadline
                else { return answer }
                _ = await answer.body()
                try await retry.wait(after: attempt, answer.headers)
            } catch let error as ContainerImageError where error.mayPass && isRepeatable && attempt < retry.attempts {
                try await retry.wait(after: attempt, nil)
            }
            attempt += 1
        }
    }

    /// Sends a request, and follows redirects if it only reads.
    private func follow(
        _ method: HTTPMethod, _ url: URL, scope: String, headers: HTTPHeaders, body: Content?,
        deadline: ContinuousClock.Instant
    ) async throws -> Transport.Answer {
        var url = url
        for _ in 0..<6 {
            var headers = headers
            if policy.isRegistry(url),
                let authorization = try await authorizer.authorization(for: scope)
            {
                headers.replaceOrAdd(name: "Authorization", value: authorization)
            }
            let addresses = try await addresses(for: url)
            let answer = try await transport.send(
                method, url, headers: headers, body: body, addresses: addresses, deadline: deadline)
            guard method == .GET || method == .HEAD, [301, 302, 303, 307, 308].contains(answer.status) else {
                return answer
            }
            _ = await answer.body()
            url = try await location(answer, of: url)
        }
        throw ContainerImageError.unreachable(
            request: "\(method.rawValue) \(url.redacted)", reason: "there were more than five redirects")
    }

    /// The addresses that a request of `url` must connect to, or nil if the name alone decides.
    private func addresses(for url: URL) async throws -> [String]? {
        do {
            return try await policy.addresses(for: url, transport)
        } catch let error as RedirectPolicy.Refusal {
            throw ContainerImageError.unreachable(
                request: url.redacted,
                reason: "the registry has named this address, which is not requested. \(error.reason)")
        }
    }

    /// Returns the `Location` of an answer to a request of `url`, or throws if it must not be requested.
    func location(_ answer: Transport.Answer, of url: URL) async throws -> URL {
        guard let text = answer.headers.first(name: "Location"),
            let target = URL(string: text, relativeTo: url)?.absoluteURL
        else {
            throw ContainerImageError.refused(
                request: url.redacted, status: answer.status, detail: "without a valid Location header",
                advice: "Check that this is a registry.")
        }
        do {
            _ = try await policy.addresses(for: target, transport)
        } catch let error as RedirectPolicy.Refusal {
            throw ContainerImageError.refused(
                request: url.redacted, status: answer.status, detail: "with a redirect to \(target.redacted)",
                advice: "The redirect is not followed. \(error.reason)")
        }
        return target
    }
}
