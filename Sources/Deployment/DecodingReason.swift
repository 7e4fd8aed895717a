/// The plain-language reason of an error that a JSON decoder throws.
enum DecodingReason {
    /// Describes where the JSON differs from the expected form, and how.
    static func describe(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        switch error {
        case .keyNotFound(let key, let context):
            return "\(place(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context):
            return "\(place(context.codingPath)) is null, but a value is required"
        case .typeMismatch(let type, let context):
            return "\(place(context.codingPath)) is not \(name(of: type))"
        case .dataCorrupted(let context):
            return "\(place(context.codingPath)): \(sentence(context.debugDescription))"
        @unknown default:
            return "\(error)"
        }
    }

    /// A path such as `'targets[0].limits[2].max'`.
    private static func place(_ path: [any CodingKey]) -> String {
        let text = path.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return text.isEmpty ? "the document" : "'\(text)'"
    }

    /// The JSON name of a Swift type.
    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is any Numeric.Type: "a number"
        case is [Any].Type: "an array"
        case is [String: Any].Type: "an object"
        default: "of type \(type)"
        }
    }

    /// The text without a period at its end, because the caller continues after it.
    private static func sentence(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }
}
