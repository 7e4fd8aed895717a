import Foundation
import NIOCore
import NIOHTTP1

/// Makes the `Authorization` header of each request to one registry, and fetches tokens if the registry wants them.
///
/// - Source: github.com/distribution/distribution, docs/spec/auth/token.md and oauth.md.
actor Authorizer {
    private let credential: Credential?
    private let policy: RedirectPolicy
    private let secrets: Secrets
    private let transport: Transport
    private let retry: RetryPolicy
    /// The last challenge of the registry.
    private var challenge: Challenge?
    /// The tokens by their scope.
    ///
    /// Requests with the same scope wait for the same token.
    private var tokens: [String: Task<Token, any Error>] = [:]

    /// An authorizer for the registry that `policy` is about; what it sends is added to `secrets`.
    init(
        _ credential: Credential?, _ policy: RedirectPolicy, transport: Transport, retry: RetryPolicy, secrets: Secrets
    ) {
        self.credential = credential
        self.policy = policy
        self.transport = transport
        self.retry = retry
        self.secrets = secrets
        switch credential {
        case .password(let user, let password): secrets.add(user: user, password: password)
        case .identityToken(let token): secrets.add(token)
        case nil: break
        }
    }

    private struct Token: Sendable {
        var text: String
        var expires: ContinuousClock.Instant
    }

    private struct TokenAnswer: Decodable {
        var token: String?
        var access_token: String?
        var expires_in: Double?
    }

    /// Returns the header for `scope`, or nil if the registry has not asked for one or there is no credential.
    func authorization(for scope: String) async throws -> String? {
        guard let challenge else { return nil }
        if challenge.scheme == "basic" {
            guard case .password(let user, let password)? = credential else { return nil }
            return basic(user, password)
        }
        if let task = tokens[scope], case .success(let token) = await task.result, token.expires > .now {
            return "Bearer \(token.text)"
        }
        let task = Task { try await fetch(challenge, scope) }
        tokens[scope] = task
        return "Bearer \(try await task.value.text)"
    }

    /// Learns from the headers of an answer with status 401 how to authorize, and drops the token for `scope`.
    ///
    /// Returns whether repeating the request makes sense.
    func learn(from headers: HTTPHeaders, scope: String) -> Bool {
        let challenges = headers["WWW-Authenticate"].flatMap(Challenge.parse)
        guard
            let found = challenges.first(where: { $0.scheme == "bearer" })
                ?? challenges.first(where: { $0.scheme == "basic" })
        else { return false }
        let isNew = challenge == nil
        challenge = found
        tokens[scope] = nil
        return found.scheme == "bearer" || isNew && credential != nil
    }

    private func basic(_ user: String, _ password: String) -> String {
        "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
    }

    /// Fetches a token from the service that the challenge names.
    private func fetch(_ challenge: Challenge, _ scope: String) async throws -> Token {
        let realm = challenge.parameters["realm"] ?? ""
        guard let url = URL(string: realm) else { throw unsafe(realm, "It is not an address.") }
        if case .identityToken(let secret)? = credential {
            let answer = try await exchange(secret, challenge, scope, at: url)
            // A service that does not know this way of asking gets the other one.
            if answer.status != 404 && answer.status != 405 { return try await token(answer, url) }
        }
        var components = URLComponents(url: url, resolvingAgainstBaseURL: false)
        var items = components?.queryItems ?? []
        if let service = challenge.parameters["service"] { items.append(.init(name: "service", value: service)) }
        items += scope.split(separator: " ").map { .init(name: "scope", value: String($0)) }
        components?.queryItems = items
        var headers = HTTPHeaders()
        if case .password(let user, let password)? = credential {
            headers.add(name: "Authorization", value: basic(user, password))
        }
        return try await token(try await send(.GET, components?.url ?? url, headers, nil), url)
    }

    /// Exchanges an identity token for a short-lived one, as OAuth 2 does.
    private func exchange(_ secret: String, _ challenge: Challenge, _ scope: String, at url: URL) async throws
        -> Transport.Answer
    {
        var form = URLComponents()
        form.queryItems = [
            .init(name: "grant_type", value: "refresh_token"),
            .init(name: "service", value: challenge.parameters["service"]),
            .init(name: "client_id", value: "pinson"), .init(name: "scope", value: scope),
            .init(name: "refresh_token", value: secret),
        ]
        let body = (form.percentEncodedQuery ?? "").replacingOccurrences(of: "+", with: "%2B")
        return try await send(
            .POST, url, ["Content-Type": "application/x-www-form-urlencoded"], Content(ByteBuffer(string: body)))
    }

    private func unsafe(_ realm: String, _ reason: String) -> ContainerImageError {
        .invalid(
            what: policy.base.redacted, reason: "it names the token service '\(realm.singleLine)', which is not safe",
            advice: reason)
    }

    private func send(_ method: HTTPMethod, _ url: URL, _ headers: HTTPHeaders, _ body: Content?) async throws
        -> Transport.Answer
    {
        let addresses: [String]?
        do {
            addresses = try await policy.addresses(for: url, transport)
        } catch let error as RedirectPolicy.Refusal {
            throw unsafe(url.redacted, error.reason)
        }
        let deadline = transport.pace.deadline(for: 0)
        var attempt = 1
        while true {
            let answer = try await transport.send(
                method, url, headers: headers, body: body, addresses: addresses, deadline: deadline)
            guard RetryPolicy.statuses.contains(answer.status), attempt < retry.attempts, .now < deadline else {
                return answer
            }
            try await retry.wait(after: attempt, answer.headers)
            attempt += 1
        }
    }

    /// Parses the answer of a token service.
    private func token(_ answer: Transport.Answer, _ url: URL) async throws -> Token {
        let body = await answer.body(upTo: 1 << 20)
        guard answer.status == 200 else {
            throw ContainerImageError.refused(
                request: "token from \(url.redacted)", status: answer.status, detail: "",
                advice: credential == nil
                    ? "Log in (docker login or podman login), or set REGISTRY_HOST, REGISTRY_USERNAME and REGISTRY_PASSWORD."
                    : "Check the user name and the password or token that is stored for this registry.")
        }
        let parsed = try? JSONDecoder().decode(TokenAnswer.self, from: Data(body.readableBytesView))
        guard let parsed, let text = parsed.token ?? parsed.access_token, !text.isEmpty else {
            throw ContainerImageError.invalid(
                what: "token from \(url.redacted)", reason: "the answer has neither 'token' nor 'access_token'",
                advice: "Check that this is a registry.")
        }
        // A header with another character would be refused by the client, whose error quotes the header.
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ContainerImageError.invalid(
                what: "token from \(url.redacted)", reason: "the token has characters that a header must not have",
                advice: "Check that this is a registry.")
        }
        secrets.add(text)
        // The token is replaced a little early, because a request takes some time.
        return Token(text: text, expires: .now + .seconds(min(max(1, (parsed.expires_in ?? 60) - 5), 86_400)))
    }
}
