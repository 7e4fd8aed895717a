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
