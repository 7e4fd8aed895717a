import Glibc

/// The environment variables of the process, or those of a test.
struct Environment {
    private let value: (String) -> String?

    /// The variables of the process.
    init() {
        value = { name in getenv(name).map { String(cString: $0) } }
    }

    /// The given variables.
    init(_ variables: [String: String]) {
        value = { variables[$0] }
    }

    /// The value of a variable, or nil if it is not set or empty.
    subscript(name: String) -> String? {
        value(name).flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension Environment {
    /// The value of a variable as an integer, or nil if it is not set.
    ///
    /// - Throws: `SettingsError` if it is not an integer in `range`.
    func integer(_ name: String, _ range: ClosedRange<Int>) throws(SettingsError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw SettingsError(
                name: name, found: text, expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// The value of a variable as a boolean, or nil if it is not set.
    ///
    /// - Throws: `SettingsError` if it is not one.
    func boolean(_ name: String) throws(SettingsError) -> Bool? {
        switch self[name]?.lowercased() {
        case nil: return nil
        case "0", "false": return false
        case "1", "true": return true
        default:
            throw SettingsError(name: name, found: self[name] ?? "", allowed: ["0", "1", "false", "true"])
        }
    }
}
