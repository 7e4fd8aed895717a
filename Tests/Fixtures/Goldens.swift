public import Foundation

/// A golden: the answer of the reference implementation for one text, which is one line of a JSON Lines file.
public struct Golden: Decodable, Sendable {
    /// The text, if the file contains it.
    public var text: String?
    /// The token ids of the text.
    public var ids: [Int32]
    /// The logits of a classifier, one per label.
    public var logits: [Float]?
    /// The vector of a sentence encoder.
    public var embedding: [Float]?

    /// Reads a file of goldens.
    ///
    /// - Parameter url: a JSON Lines file.
    /// - Returns: one golden per line.
    /// - Throws: an error of Foundation if the file cannot be read or a line cannot be decoded.
    public static func read(_ url: URL) throws -> [Golden] {
        try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Golden.self, from: Data($0.utf8))
        }
    }
}
