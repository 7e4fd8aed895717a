import ModelFile

/// The keys of clients that may do more than classify and report.
struct APIKeys: Sendable, Equatable {
    private var keys: [[UInt8]] = []

    /// No keys: nobody may do more.
    init() {}

    /// Reads `API_KEYS`: keys with commas between them, so that a new key can be used before the old one is removed.
    ///
    /// - Throws: `SettingsError` if a key is empty or has characters that a header cannot hold.
    init(environment: Environment) throws(SettingsError) {
        guard let text = environment["API_KEYS"] else { return }
        for part in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let space = UInt8(ascii: " ")
            let key = Array(part.drop { $0 == space }.reversed().drop { $0 == space }.reversed())
            guard !key.isEmpty, key.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw SettingsError(
                    name: "API_KEYS", found: "(hidden)",
                    expected: "keys of visible ASCII characters, with a comma between two of them")
            }
            keys.append(key)
        }
    }

    /// Whether there are any keys.
    var isEmpty: Bool { keys.isEmpty }

    /// Whether `key` is one of the keys.
    ///
    /// The time does not depend on how much of a key is right: hashes are compared instead of keys, and all of them.
    func contain(_ key: String) -> Bool {
        let secret = (0..<32).map { _ in UInt8.random(in: 0...255) }
        let hash = KeyedHash.sha256(key: secret, message: Array(key.utf8))
        return keys.reduce(false) { found, own in
            let difference = zip(KeyedHash.sha256(key: secret, message: own), hash).reduce(0) { $0 | $1.0 ^ $1.1 }
            return found || difference == 0
        }
    }
}
