import Fixtures
import Foundation
import Testing

@testable import Packaging

/// Files that are not exports of LSTMs, and the error for each.
@Suite("Damaged exports of recurrent models") struct RecurrentExportErrorTests {
    private static let description = """
        {"format": "pinson-recurrent", "version": 1, "library": "keras 3.15.1", "classifier": "LSTM",
        "labels": ["bad", "good"], "preprocessing": ["lowercase"], "max_tokens": 9, "words": "token", "separators": " ",
        "unknown": "row", "padding": "none", "kept": "first", "vocabulary": ["so", "good"], "width": 1, "units": 1,
        "layers": 1, "directions": 1, "pooling": "max", "hidden": [], "examples": [{"text": "so good", "outputs": [0]}]}
        """

    private static var entries: [(String, [UInt8])] {
        func zeros(_ count: Int, shape: String) -> [UInt8] {
            ScikitLearnExportTests.array([Double](repeating: 0, count: count), shape: shape)
        }
        return [
            ("model.json", Array(description.utf8)), ("vectors.npy", zeros(4, shape: "4, 1")),
            ("layer.0.forward.input.npy", zeros(4, shape: "4, 1")),
            ("layer.0.forward.recurrent.npy", zeros(4, shape: "4, 1")),
            ("layer.0.forward.bias.npy", zeros(4, shape: "4,")), ("dense.0.weight.npy", zeros(1, shape: "1, 1")),
            ("dense.0.bias.npy", zeros(1, shape: "1,")),
        ]
    }

    /// The error of packing a file with these entries, or an empty string if it is packed.
    private func message(_ entries: [(String, [UInt8])]) throws -> String {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("model.npz")
            try Data(TinyZip.archive(entries)).write(to: file)
            do {
                _ = try Packer.pack(file.path, into: folder.appendingPathComponent("m.gguf").path)
                return ""
            } catch let error as PackagingError {
                return error.description
            }
        }
    }

    @Test("An export without a mistake is packed") func packed() throws {
        #expect(try message(Self.entries) == "")
    }

    @Test(
        "A wrong part of the description is named",
        arguments: [
            ("\"version\": 1", "\"version\": 7", "has the version 7 of the format, expected 1"),
            ("[\"lowercase\"]", "[\"sing\"]", "has preprocessing that Pinson does not know"),
            ("\"max_tokens\": 9", "\"max_tokens\": 0", "whose \"max_tokens\" is not a number from"),
            ("\"words\": \"token\"", "\"words\": \"character\"", "is not one of token, word, anyword"),
            ("\"padding\": \"none\"", "\"padding\": \"both\"", "whose \"padding\" is not one of none, before, after"),
            ("[\"so\", \"good\"]", "[]", "has 0 words, expected 1 to"),
            ("[\"so\", \"good\"]", "[\"so\", \"so\"]", "the n-grams 'so', 'so' have the same hash"),
            ("[\"so\", \"good\"]", "[\"so\"]", "the array 'vectors' of the shape [4, 1], expected [3, 1]"),
            ("\"width\": 1", "\"width\": 5000", "whose \"width\" is not a number from 1 to 4096"),
            ("\"units\": 1", "\"units\": 2", "'layer.0.forward.input' of the shape [4, 1], expected [8, 1]"),
            ("\"layers\": 1", "\"layers\": 2", "has no entry 'layer.1.forward.input.npy'"),
            ("\"layers\": 1", "\"layers\": 99", "whose \"layers\" is not a number from 1 to 8"),
            ("\"directions\": 1", "\"directions\": 2", "has no entry 'layer.0.backward.input.npy'"),
            ("\"pooling\": \"max\"", "\"pooling\": \"sum\"", "whose \"pooling\" is not one of max, mean, last, end"),
            ("\"hidden\": []", "\"hidden\": [\"3:gelu\"]", "has a hidden layer '3:gelu', which Pinson does not know"),
            ("\"hidden\": []", "\"hidden\": [\"3:relu\"]", "'dense.0.weight' of the shape [1, 1], expected [3, 1]"),
            ("\"outputs\": [0]", "\"outputs\": [0, 1]", "an array of texts with 1 outputs each"),
        ])
    func description(part: String, wrong: String, expected: String) throws {
        var entries = Self.entries
        #expect(Self.description.contains(part))
        entries[0].1 = Array(Self.description.replacing(part, with: wrong).utf8)
        let found = try message(entries)
        #expect(found.contains(expected), "\(found)")
    }

    @Test("A missing array is named") func missing() throws {
        for (index, entry) in Self.entries.enumerated().dropFirst() {
            var entries = Self.entries
            entries.remove(at: index)
            #expect(try message(entries).contains("has no entry '\(entry.0)'"))
        }
    }
}
