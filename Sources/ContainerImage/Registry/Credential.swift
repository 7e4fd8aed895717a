/// How a user identifies to a registry.
public enum Credential: Sendable, Equatable {
    /// A user name and a password.
    case password(user: String, String)
    /// A long-lived token, which is exchanged for short-lived ones.
    case identityToken(String)
}
