import Fixtures
import Foundation

/// The files that `make_text_goldens.py` writes.
enum TextGoldens {
    /// What one transformation makes of a text.
    struct Change: Decodable {
        let text: String
        let expected: String
    }

    /// The words of a text by each rule.
    struct Words: Decodable {
        let text: String
        let word: [String]
        let tweet: [String]
    }

    /// The stems of a word.
    struct Stems: Decodable {
        let text: String
        let porter: String
        let nltk: String
    }

    /// What the two earlier systems make of a text.
    struct Prior: Decodable {
        let text: String
        let g: String
        let k: String
    }

    /// Reads one of the files.
    static func read<Row: Decodable>(_ name: String, as type: Row.Type = Row.self) throws -> [Row] {
        let url = Workplace.repository.appendingPathComponent("Tests/TextTests/Goldens/\(name).jsonl")
        return try Data(contentsOf: url).split(separator: 0x0A).map { try JSONDecoder().decode(Row.self, from: $0) }
    }
}
