import NIOHTTP1

extension Service {
    /// Checks that the client may send the request, and has not sent too many.
    ///
    /// Requests with a wrong key count for the address of the client, so keys cannot be tried out quickly.
    ///
    /// - Throws: `Problem` with status 401, 403 or 429.
    func admit(_ request: Request, to endpoint: Route.Endpoint) throws(Problem) {
        guard let scope = endpoint.scope, !request.isInvocation else { return }
        let keys = settings.access.keys
        if rateLimiter == nil, keys.isOpen(scope) { return }
        let scopes = request.apiKey.flatMap { keys.scopes(of: $0) }
        if let rateLimiter {
            let client =
                scopes == nil
                ? request.client(behind: settings.access.trustedProxies) : request.apiKey.map(ClientName.key)
            if let seconds = rateLimiter.wait(client ?? .unknown) { throw .tooManyRequests(retryAfterSeconds: seconds) }
        }
        guard !keys.isOpen(scope) else { return }
        guard keys.has(scope) else { throw .closed(scope) }
        guard let scopes else { throw .unauthorized(hasKey: request.apiKey != nil) }
        guard scopes.contains(scope) else { throw .insufficient(scope) }
    }
}

extension Problem {
    fileprivate static func tooManyRequests(retryAfterSeconds seconds: Int) -> Problem {
        Problem(
            status: .tooManyRequests,
            detail: "The client has sent more requests than RATE_LIMIT allows. Send the request again in \(seconds) s.",
            headers: [("Retry-After", "\(seconds)")])
    }

    fileprivate static func closed(_ scope: Scope) -> Problem {
        Problem(
            status: .forbidden,
            detail: "Nobody may do this, because no key of API_KEYS has the scope '\(scope.rawValue)'. Set API_KEYS to "
                + "'\(scope.rawValue):KEY', where KEY is a secret.")
    }

    /// - Source: RFC 6750, section 3.
    fileprivate static func unauthorized(hasKey: Bool) -> Problem {
        Problem(
            status: .unauthorized,
            detail: (hasKey ? "The key is not one of API_KEYS" : "The request has no key")
                + ". Send 'Authorization: Bearer KEY' or 'X-API-Key: KEY'.",
            headers: [("WWW-Authenticate", hasKey ? "Bearer error=\"invalid_token\"" : "Bearer")])
    }

    fileprivate static func insufficient(_ scope: Scope) -> Problem {
        Problem(
            status: .forbidden,
            detail: "The key does not have the scope '\(scope.rawValue)'. Use a key that has it.",
            headers: [("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"\(scope.rawValue)\"")])
    }
}
