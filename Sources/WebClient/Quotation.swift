/// What a server has said, in one line of printable characters that is not too long, without secrets.
///
/// - Parameters:
///   - text: What the server has said.
///   - secrets: Texts that are left out.
/// - Returns: The text in quotes.
public func quoted(_ text: String, hiding secrets: [String] = []) -> String {
    var rest = Array(
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }.prefix(400))
        ).utf8)
    for secret in secrets where !secret.isEmpty {
        var clean: [UInt8] = []
        while let found = position(of: secret, in: rest) {
            clean += rest[..<found] + Array("(hidden)".utf8)
            rest = Array(rest[(found + secret.utf8.count)...])
        }
        rest = clean + rest
    }
    return "\"\(String(decoding: rest, as: UTF8.self))\""
}

/// The position of the first occurrence of a text among bytes, or nil.
///
/// The search for strings in Swift's library would add more than a megabyte to the function.
func position(of text: String, in bytes: [UInt8]) -> Int? {
    let wanted = Array(text.utf8)
    guard !wanted.isEmpty, bytes.count >= wanted.count else { return nil }
    return (0...bytes.count - wanted.count).first { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
}
