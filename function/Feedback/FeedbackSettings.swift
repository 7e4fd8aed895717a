import Feedback
import ModelFile

/// How reports about predictions are kept.
struct FeedbackSettings: Sendable, Equatable {
    /// The folder of the log, or nil if reports are only written to the log of the function.
    var folder: String?
    var options = FeedbackOptions()
    /// The key of the hashes that are kept instead of texts, or nil if the texts are kept.
    var hashKey: [UInt8]?
    /// The seconds in which a report must be durable.
    var timeoutSeconds = 5

    /// The number of characters that a key for hashes must have.
    static let shortestKey = 16

    /// What is kept of a text.
    ///
    /// Without the key, nobody can try out whether a text has this hash.
    func content(_ text: String) -> FeedbackRecord.Content {
        guard let hashKey else { return .text(text) }
        return .hash(KeyedHash.hexadecimal(KeyedHash.sha256(key: hashKey, message: Array(text.utf8))))
    }
}

extension FeedbackSettings {
    /// Reads the settings.
    ///
    /// - Parameter environment: The environment variables.
    /// - Throws: `SettingsError` for the first variable whose value is not valid.
    init(environment: Environment) throws(SettingsError) {
        folder = environment["FEEDBACK_DIR"]
        if let name = environment["FEEDBACK_STORAGE"] {
            guard let storage = FeedbackOptions.Storage(rawValue: name) else {
                throw SettingsError(
                    name: "FEEDBACK_STORAGE", found: name, allowed: FeedbackOptions.Storage.allCases.map(\.rawValue))
            }
            options.storage = storage
        }
        options.totalBytes = try environment.integer("FEEDBACK_MAX_BYTES", 1 << 20...1 << 50) ?? options.totalBytes
        options.retentionDays = try environment.integer("FEEDBACK_RETENTION_DAYS", 1...36_500)
        timeoutSeconds = try environment.integer("FEEDBACK_TIMEOUT", 1...60) ?? timeoutSeconds
        switch environment["FEEDBACK_TEXT"] {
        case nil, "keep": break
        case "hash":
            guard let key = environment["FEEDBACK_HASH_KEY"], key.utf8.count >= Self.shortestKey else {
                throw SettingsError(
                    name: "FEEDBACK_HASH_KEY", found: environment["FEEDBACK_HASH_KEY"] == nil ? "" : "(hidden)",
                    expected: "a secret of at least \(Self.shortestKey) characters, because FEEDBACK_TEXT is hash")
            }
            hashKey = Array(key.utf8)
        case let text?: throw SettingsError(name: "FEEDBACK_TEXT", found: text, allowed: ["keep", "hash"])
        }
    }
}
