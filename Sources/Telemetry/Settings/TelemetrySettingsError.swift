/// A setting of the telemetry has an invalid value.
public struct TelemetrySettingsError: Error, Equatable {
    /// The name of the setting.
    public let name: String
    /// The value, or `(hidden)` if it may hold a secret.
    public let found: String
    /// What the value may be.
    public let expected: String

    init(_ name: String, found: String = "(hidden)", expected: String) {
        (self.name, self.found, self.expected) = (name, found, expected)
    }
}
