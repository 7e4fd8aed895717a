/// A setting of the alerts has an invalid value.
public struct AlertSettingsError: Error, Equatable {
    /// The name of the setting.
    public let name: String
    /// The value, or `(hidden)` if it is a secret.
    public let found: String
    /// What the value may be.
    public let expected: String

    init(_ name: String, found: String, expected: String) {
        (self.name, self.found, self.expected) = (name, found, expected)
    }
}

extension AlertSettingsError: CustomStringConvertible {
    /// The setting, its value, and what was expected.
    public var description: String {
        "The environment variable \(name) is '\(found)', expected \(expected). Change it, or remove it to use the default."
    }
}
