/// A name and a value that say more about an event.
public struct Attribute: Equatable, Sendable {
    /// A value of one of the kinds that writers distinguish.
    public enum Value: Equatable, Sendable {
        /// A text.
        case string(String)
        /// A number without a fraction.
        case integer(Int)
        /// A number.
        case double(Double)
        /// True or false.
        case bool(Bool)
    }

    /// The name.
    public var key: String
    /// The value.
    public var value: Value

    /// Creates an attribute.
    ///
    /// - Parameters:
    ///   - key: The name.
    ///   - value: The value.
    public init(_ key: String, _ value: Value) { (self.key, self.value) = (key, value) }

    /// Creates an attribute whose value is a text.
    ///
    /// - Parameters:
    ///   - key: The name.
    ///   - text: The text.
    public init(_ key: String, _ text: String) { self.init(key, .string(text)) }
}

extension Attribute.Value {
    /// The value as a text, in the form that Python gives it, because queries may compare it with such texts.
    var text: String {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .double(let number): number.description
        case .bool(let value): value ? "True" : "False"
        }
    }
}

/// The first characters of a text, which has at most `limit` of them then.
///
/// A character is a Unicode scalar here, as in Python.
func shortened(_ text: String, to limit: Int) -> String {
    text.utf8.count <= limit ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
}
