/// A JSON value.
enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    /// In order; of equal keys, `subscript` finds the last.
    case object([Member])

    struct Member: Equatable, Sendable {
        var key: String
        var value: JSON
    }

    subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// What it is, for an error.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// Why bytes are not JSON, and where.
struct JSONError: Error, Equatable, CustomStringConvertible {
    /// From the start, from 0.
    let offset: Int
    let reason: String

    var description: String { "\(reason) at byte \(offset)" }
}
