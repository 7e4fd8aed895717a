public import Foundation

/// One line of a JSON Lines file of reference answers.
public struct Golden: Decodable, Sendable {
    public var text: String?
    public var ids: [Int32]
    public var logits: [Float]?
    public var embedding: [Float]?

    public static func read(_ url: URL) throws -> [Golden] {
        try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Golden.self, from: Data($0.utf8))
        }
    }
}
