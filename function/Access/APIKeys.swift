import ModelFile

/// The keys of clients, and what each of them allows.
///
/// A scope that at least one key has is closed to clients without such a key. `operate` is always closed.
struct APIKeys: Sendable, Equatable {
    private struct Key: Sendable, Equatable {
        var secret: [UInt8]
        var scopes: Set<Scope>
    }

    private var keys: [Key] = []

    /// No keys: everything is open but `operate`.
    init() {}

    /// Reads `API_KEYS`: keys with commas between them, so that a new key can be used before the old one is removed.
    ///
    /// A key may follow its scopes and a colon, as in `predict+feedback:KEY`. Without scopes, it has all of them.
    ///
    /// - Throws: `SettingsError` if a key is empty, has other characters than visible ones, or has an unknown scope.
    init(environment: Environment) throws(SettingsError) {
        guard let text = environment["API_KEYS"] else { return }
        for part in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let space = UInt8(ascii: " ")
            let entry = Array(part.drop { $0 == space }.reversed().drop { $0 == space }.reversed())
            guard !entry.isEmpty, entry.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw Self.invalid }
            guard let colon = entry.firstIndex(of: UInt8(ascii: ":")) else {
                keys.append(Key(secret: entry, scopes: Set(Scope.allCases)))
                continue
            }
            let names = entry[..<colon].split(separator: UInt8(ascii: "+"), omittingEmptySubsequences: false)
            let scopes = names.compactMap { Scope(rawValue: String(decoding: $0, as: UTF8.self)) }
            let secret = Array(entry[(colon + 1)...])
            guard scopes.count == names.count, !secret.isEmpty, !secret.contains(UInt8(ascii: ":")) else {
                throw Self.invalid
            }
            keys.append(Key(secret: secret, scopes: Set(scopes)))
        }
    }

    private static let invalid = SettingsError(
        name: "API_KEYS", found: "(hidden)",
        expected: "keys of visible ASCII characters with a comma between two of them, each alone or after its scopes "
            + "as in predict+feedback:KEY; the scopes are predict, feedback and operate")

    /// Whether a key has the scope.
    func has(_ scope: Scope) -> Bool { keys.contains { $0.scopes.contains(scope) } }

    /// Whether everybody may do what the scope allows.
    func isOpen(_ scope: Scope) -> Bool { scope != .operate && !has(scope) }

    /// The scopes of a key, or nil if it is not one of the keys.
    ///
    /// The time does not depend on how much of a key is right: hashes are compared instead of keys, and all of them.
    func scopes(of key: String) -> Set<Scope>? {
        let random = (0..<4).flatMap { _ in withUnsafeBytes(of: UInt64.random(in: 0...(.max))) { Array($0) } }
        let hash = KeyedHash.sha256(key: random, message: Array(key.utf8))
        var found: Set<Scope>?
        for own in keys {
            let difference = zip(KeyedHash.sha256(key: random, message: own.secret), hash).reduce(0) {
                $0 | ($1.0 ^ $1.1)
            }
            if difference == 0 { found = (found ?? []).union(own.scopes) }
        }
        return found
    }
}
