import ContainerImage
import Files
import Foundation

/// Writes a message to stderr.
///
/// Control characters are removed, because parts of a message may come from a stranger's file and must not control the
/// terminal.
func say(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).singleLine }
    FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
}

/// Writes a file, completely or not at all.
///
/// - Throws: `FileError` if it cannot be written.
func writeFile(_ text: String, to path: String) throws {
    let file = try AtomicFile(path: path)
    try file.append(Array(text.utf8))
    try file.commit()
}

/// Prints `value` to stdout as one JSON object with sorted keys.
func printJSON(_ value: some Encodable, pretty: Bool = true) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
        pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    print(escapingControls(String(decoding: try encoder.encode(value), as: UTF8.self)))
}

/// JSON in which the control characters from U+007F to U+009F, which occur only in strings, are escape sequences.
///
/// JSON allows them as they are, but they could send commands to a terminal.
func escapingControls(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: { (0x7F...0x9F).contains($0.value) }) else { return json }
    return json.unicodeScalars.reduce(into: "") { text, scalar in
        if (0x7F...0x9F).contains(scalar.value) {
            text += #"\u00"# + String(scalar.value, radix: 16)
        } else {
            text.unicodeScalars.append(scalar)
        }
    }
}

/// `name` and `value` in two columns, the second one aligned to the right.
func row(_ name: String, _ value: String) -> String {
    "  " + name.padding(toLength: max(24, name.count), withPad: " ", startingAt: 0)
        + String(repeating: " ", count: max(1, 20 - value.count)) + value
}
