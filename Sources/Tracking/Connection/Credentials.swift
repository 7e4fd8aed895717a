import Foundation

/// What a server wants to know about the user, and how it is kept out of messages.
struct Credentials: Sendable {
    /// The value of the header `Authorization`, or nil.
    let authorization: String?
    /// The texts that must not be printed, in each form in which a server may repeat them.
    private let secrets: [String]

    /// No user.
    static let none = Credentials(authorization: nil, secrets: [])

    /// A user name and a password.
    static func basic(user: String, password: String) -> Credentials {
        let pair = Data("\(user):\(password)".utf8).base64EncodedString()
        return Credentials(authorization: "Basic \(pair)", secrets: [pair, password])
    }

    /// A token.
    static func bearer(_ token: String) -> Credentials {
        Credentials(authorization: "Bearer \(token)", secrets: [token])
    }

    /// Texts that are secret, for a service with another kind of authorization.
    static func secrets(_ secrets: [String]) -> Credentials { Credentials(authorization: nil, secrets: secrets) }

    private init(authorization: String?, secrets: [String]) {
        self.authorization = authorization
        let forms = secrets.flatMap { [$0, percentEncoded($0), Data($0.utf8).base64EncodedString()] }
        // The longest first, because a shorter one may be a part of it.
        self.secrets = Set(forms).filter { !$0.isEmpty }.sorted { ($1.count, $0) < ($0.count, $1) }
    }

    /// The same credentials, with the password of a proxy among the secrets.
    func hidingPassword(ofProxy proxy: String?) -> Credentials {
        let password = proxy.flatMap { URLComponents(string: $0.contains("://") ? $0 : "http://\($0)")?.password }
        return Credentials(authorization: authorization, secrets: secrets + [password ?? ""])
    }

    /// Returns `text` with a mark in place of each secret.
    func redact(_ text: String) -> String { secrets.reduce(text) { $0.replacing($1, with: "[redacted]") } }

    /// Returns the error with a mark in place of each secret.
    func redact(_ error: TrackingError) -> TrackingError {
        switch error {
        case .refused(let request, let status, let code, let detail):
            .refused(request: redact(request), status: status, code: redact(code), detail: redact(detail))
        case .unreachable(let request, let reason): .unreachable(request: redact(request), reason: redact(reason))
        case .invalid(let what, let reason, let advice):
            .invalid(what: redact(what), reason: redact(reason), advice: advice)
        case .mismatch(let what, let found, let expected):
            .mismatch(what: redact(what), found: redact(found), expected: expected)
        case .store(let request, let status, let reason, let advice):
            .store(request: redact(request), status: status, reason: redact(reason), advice: advice)
        case .file: error
        }
    }
}
