import ContainerImage
import Foundation

/// Writes a message to stderr.
///
/// Control characters are removed, because parts of a message may come from a stranger's file and must not control the
/// terminal.
func say(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).singleLine }
    FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
}

/// Prints `value` to stdout as one JSON object with sorted keys.
func printJSON(_ value: some Encodable, pretty: Bool = true) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
        pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// `name` and `value` in two columns, the second one aligned to the right.
func row(_ name: String, _ value: String) -> String {
    "  " + name.padding(toLength: max(24, name.count), withPad: " ", startingAt: 0)
        + String(repeating: " ", count: max(1, 20 - value.count)) + value
}
