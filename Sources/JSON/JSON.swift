/// A JSON value.
///
/// - Source: RFC 8259.
public enum JSON: Equatable, Sendable {
    /// The literal `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, which is read as a double.
    case number(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSON])
    /// An object, with its members in their original order.
    case object([Member])

    /// One key of an object, and its value.
    public struct Member: Equatable, Sendable {
        /// The key.
        public var key: String
        /// The value.
        public var value: JSON

        /// Creates a member.
        ///
        /// - Parameters:
        ///   - key: The key.
        ///   - value: The value.
        public init(key: String, value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// One key of an object, its value, and the value as it is written in the document.
    public struct SourceMember: Equatable, Sendable {
        /// The key.
        public var key: String
        /// The value.
        public var value: JSON
        /// The value as it is written, in UTF-8, with spaces instead of line breaks.
        public var source: [UInt8]
    }

    /// The value of `key` in an object, or nil if this is not an object or lacks the key.
    ///
    /// If an object has the same key several times, the last one counts. Keys are the same if they have the same
    /// Unicode scalars, which is stricter than the equality of strings in Swift.
    public subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    /// The kind of the value with its article, such as "an array", for error messages.
    public var kind: String {
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

extension JSON: ExpressibleByDictionaryLiteral {
    /// An object with these members.
    ///
    /// - Parameter elements: The members, in order.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member(key: $0, value: $1) })
    }
}

/// The reason why bytes are not JSON, and where.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// The position of the problem, in bytes from the start.
    public let offset: Int
    /// What was expected or found there.
    public let reason: String

    /// Describes a problem.
    ///
    /// - Parameters:
    ///   - offset: The position of the problem, in bytes from the start.
    ///   - reason: What was expected or found there.
    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }

    /// The reason and the position.
    public var description: String { "\(reason) at byte \(offset)" }
}
