import Fixtures
import Foundation
import Testing

@testable import Packaging

/// Files that are not exports of scikit-learn, or damaged ones, and the error for each.
@Suite struct ScikitLearnExportTests {
    private static let description = """
        {"format": "pinson-linear", "version": 1, "library": "scikit-learn 1.9.1", "classifier": "LogisticRegression",
        "labels": ["bad", "good"], "probabilities": true, "lowercase": true, "stop_words": [],
        "blocks": [{"unit": "word", "lengths": [1, 2], "counting": "count", "norm": "l2", "idf": false,
        "terms": ["so good", "good"]}], "examples": [{"text": "so good", "outputs": [1.5]}]}
        """

    /// An array as `numpy.save` writes it.
    static func array(_ values: [Double], shape: String, type: String = "<f8", order: String = "False") -> [UInt8] {
        let header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': (\(shape)), }\n"
        let length = UInt16(header.utf8.count)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(header.utf8)
            + values.flatMap { withUnsafeBytes(of: $0) { Array($0) } }
    }

    private static var entries: [(String, [UInt8])] {
        [
            ("model.json", Array(description.utf8)), ("bias.npy", array([0.5], shape: "1,")),
            ("weight.0.npy", array([1, 2], shape: "2, 1")),
        ]
    }

    private func message(_ bytes: [UInt8], name: String = "model.npz") throws -> String {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent(name)
            try Data(bytes).write(to: file)
            do {
                _ = try Packer.pack(file.path, into: folder.appendingPathComponent("m.gguf").path)
                return ""
            } catch let error as PackagingError {
                return error.description.replacing(folder.path + "/", with: "")
            }
        }
    }

    @Test func anExportIsPacked() throws {
        #expect(try message(TinyZip.archive(Self.entries)) == "")
        #expect(try message(TinyZip.archive(Self.entries) + Array("a comment".utf8)) == "")
    }

    @Test(arguments: ["model.pkl", "model.joblib", "MODEL.PICKLE", "model"])
    func aPickleIsNeverOpened(name: String) throws {
        let message = try message([0x80, 0x04, 0x95, 0x00], name: name)
        #expect(
            message
                == "\(name): is a pickle, which Pinson never opens, because opening one runs the code in it. If it is a "
                + "model of scikit-learn, run `python pinson_export.py \(message.prefix { $0 != ":" }) -o MODEL.npz`, and pack "
                + "MODEL.npz. For an LSTM of PyTorch, call pinson_lstm_export.py from the program that makes the model."
        )
    }

    @Test func theModelOfAFolderOfMLflowIsNamed() throws {
        try Workplace.withFolder { folder in
            for name in ["MLmodel", "model.pkl"] { try Data("x".utf8).write(to: folder.appendingPathComponent(name)) }
            #expect(throws: PackagingError.pickle(path: "\(folder.path)/model.pkl")) {
                try Packer.pack(folder.path, into: "/dev/null")
            }
        }
    }

    @Test(arguments: [
        ("\"version\": 1", "\"version\": 2", "has the version 2 of the format, expected 1"),
        ("\"pinson-linear\"", "\"other\"", "has the format 'other', expected 'pinson-linear' or 'pinson-recurrent'"),
        ("\"bad\", \"good\"", "\"good\", \"good\"", "labels that are not at least two distinct names"),
        ("\"lowercase\": true", "\"lowercase\": 1", "whose \"lowercase\" is not a boolean"),
        ("\"stop_words\": []", "\"stop_words\": [1]", "whose \"stop_words\" is not an array of strings"),
        ("\"unit\": \"word\"", "\"unit\": \"char\"", "a block 0 whose \"unit\" is char, which Pinson does not know"),
        ("[1, 2]", "[1, 9]", "a block 0 whose \"lengths\" is [1,9]"),
        ("\"count\"", "\"log\"", "a block 0 whose \"counting\" is log"),
        ("\"l2\"", "\"max\"", "a block 0 whose \"norm\" is max"),
        ("\"l2\"", "2", "a block 0 whose \"norm\" is 2"),
        ("\"idf\": false", "\"idf\": true", "has no entry 'idf.0.npy'"),
        ("[\"so good\", \"good\"]", "[\"good\"]", "the array 'weight.0' of the shape [2, 1], expected [1, 1]"),
        ("[\"so good\", \"good\"]", "[\"good\", \"good\"]", "the n-grams 'good', 'good' have the same hash"),
        ("[1.5]", "[1.5, 2]", "whose \"examples\" is not an array of texts with 1 outputs each"),
        ("\"blocks\": [", "\"blocks\": [[],", "a block 0 whose \"unit\" is missing"),
        ("{\"format\"", "{\"format", "has a 'model.json' that is not valid JSON"),
    ])
    func aWrongDescriptionIsNamed(part: String, wrong: String, expected: String) throws {
        var entries = Self.entries
        #expect(Self.description.contains(part))
        entries[0].1 = Array(Self.description.replacing(part, with: wrong).utf8)
        #expect(try message(TinyZip.archive(entries)).contains(expected))
    }

    @Test(arguments: [
        (array([1, 2], shape: "2, 1", type: "<i8"), "elements of the type '<i8', expected '<f8' or '<f4'"),
        (array([1, 2], shape: "2, 1", type: "|O"), "elements of the type '|O'"),
        (array([1, 2], shape: "2, 1", order: "True"), "is in column-major order"),
        (array([1], shape: "2, 1"), "has 8 bytes of data, but its shape needs 2 elements of 8 bytes"),
        (array([], shape: "9223372036854775807, 2"), "has extents that are too large"),
        (array([], shape: "99999999999999999999, 2"), "has extents that are too large"),
        (array([1, .infinity], shape: "2, 1"), "that is not a finite number"),
        (array([1, 2], shape: "1, 2"), "of the shape [1, 2], expected [2, 1]"),
        (Array(array([1, 2], shape: "2, 1").prefix(30)), "is cut off"),
        (Array("no array at all".utf8), "is not an array of NumPy"), ([], "is not an array of NumPy"),
    ])
    func aWrongArrayIsNamed(bytes: [UInt8], expected: String) throws {
        var entries = Self.entries
        entries[2].1 = bytes
        #expect(try message(TinyZip.archive(entries)).contains(expected))
    }

    @Test func aWrongArchiveIsNamed() throws {
        let good = TinyZip.archive(Self.entries)
        #expect(try message(TinyZip.archive([Self.entries[1]])).contains("without the entry 'model.json'"))
        #expect(
            try message(TinyZip.archive(Self.entries + [Self.entries[1]])).contains("has the entry 'bias.npy' twice"))
        #expect(try message(TinyZip.archive(Self.entries, method: 12)).contains("by another method than deflate"))
        #expect(try message(TinyZip.archive(Self.entries, flags: 1)).contains("is encrypted"))
        #expect(try message(TinyZip.archive(Self.entries, method: 8)).contains("do not match its checksum"))
        #expect(try message(TinyZip.archive(Self.entries, claimed: 1 << 31)).contains("larger than 1073741824 bytes"))
        #expect(try message(Array(good.dropLast())).contains("is not a zip archive, or is cut off"))
        #expect(try message(Array("a text".utf8)).contains("it is neither a folder nor a file of pinson_export.py"))
    }

    @Test(arguments: 1...200)
    func damagedArchivesAreRefusedOrGiveTheSameModel(seed: UInt64) throws {
        var (bytes, random) = (TinyZip.archive(Self.entries), Seeded(seed))
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            bytes[Int.random(in: 4..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        _ = try message(bytes)
    }
}

/// Writes zip archives, also wrong ones.
enum TinyZip {
    /// Numbers with their sizes in bytes, little-endian.
    private static func bytes(_ fields: [(value: Int, size: Int)]) -> [UInt8] {
        fields.flatMap { field in (0..<field.size).map { UInt8(truncatingIfNeeded: field.value >> (8 * $0)) } }
    }

    static func archive(_ entries: [(String, [UInt8])], method: Int = 0, flags: Int = 0, claimed: Int? = nil) -> [UInt8]
    {
        var files: [UInt8] = []
        var directory: [UInt8] = []
        for (name, contents) in entries {
            let usedMethod = claimed == nil ? method : 8
            let facts = bytes([
                (20, 2), (flags, 2), (usedMethod, 2), (0, 4), (Int(checksum(contents)), 4), (contents.count, 4),
                (claimed ?? contents.count, 4), (name.utf8.count, 2), (0, 2),
            ])
            directory += bytes([(0x0201_4B50, 4), (20, 2)]) + facts
            directory += bytes([(0, 2), (0, 2), (0, 2), (0, 4), (files.count, 4)]) + Array(name.utf8)
            files += bytes([(0x0403_4B50, 4)]) + facts + Array(name.utf8) + contents
        }
        let end = bytes([
            (0x0605_4B50, 4), (0, 4), (entries.count, 2), (entries.count, 2), (directory.count, 4), (files.count, 4),
            (0, 2),
        ])
        return files + directory + end
    }

    /// The CRC-32 of bytes.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
