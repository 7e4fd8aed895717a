import Fixtures
import Foundation
import Testing
import Text

@testable import Training

/// Files of word vectors in the formats of word2vec and GloVe.
@Suite struct VectorFileTests {
    private let vectors = WordVectors(
        words: ["the", "naïve", "😀", "don't", "@air"], width: 3,
        values: [0.1, -2.5, 3e-7, 1, 0, -0, 0.333333343, 12345.678, -1e-20, 5, 6, 7, -0.25, 0.5, 16777216])

    private func withFile<R>(_ bytes: [UInt8], _ body: (String) throws -> R) throws -> R {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("v").path
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            return try body(path)
        }
    }

    private func read(_ text: String) throws -> WordVectors {
        try withFile(Array(text.utf8)) { try WordVectors(VectorFile(path: $0)) }
    }

    private func written(_ format: VectorFile.Format) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try vectors.write(format) { bytes += $0 }
        return bytes
    }

    @Test("A file has the vectors that were written", arguments: VectorFile.Format.allCases)
    func roundTrip(format: VectorFile.Format) throws {
        try withFile(written(format)) { path in
            let file = try VectorFile(path: path)
            #expect(file.format == format && file.width == 3 && file.count == (format == .glove ? nil : 5))
            #expect(try WordVectors(file) == vectors)
        }
    }

    @Test("Only the vectors that are wanted are kept, and the numbers of the others are not read")
    func selection() throws {
        let found = try withFile(Array("a 1 2\nb x y\nc 3 4\n".utf8)) { path in
            try WordVectors(VectorFile(path: path)) { $0.first != UInt8(ascii: "b") }
        }
        #expect(found == WordVectors(words: ["a", "c"], width: 2, values: [1, 2, 3, 4]))
        #expect(throws: VectorFileError.malformed(path: "v", number: 2, reason: "'x' is not a finite number")) {
            try withFile(Array("a 1 2\nb x y\nc 3 4\n".utf8)) { path in
                do { _ = try WordVectors(VectorFile(path: path)) } catch VectorFileError.malformed(
                    _, let number, let reason)
                {
                    throw VectorFileError.malformed(path: "v", number: number, reason: reason)
                }
            }
        }
    }

    @Test("The text of the original program, with a space before each line end, is read")
    func spacesAtLineEnds() throws {
        #expect(try read("2 2\n</s> 0.5 1 \r\nb 2 -3 \n").values == [0.5, 1, 2, -3])
    }

    @Test("A binary file without line ends between vectors is read")
    func binaryWithoutLineEnds() throws {
        var bytes = Array("2 2\n".utf8)
        for (word, values) in [("a", [Float(1), 2]), ("bc", [10, -4])] {
            bytes += Array("\(word) ".utf8) + values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
        }
        #expect(try withFile(bytes) { try WordVectors(VectorFile(path: $0)) }.values == [1, 2, 10, -4])
    }

    @Test("Words of GloVe may hold spaces, and characters that end a line elsewhere")
    func strangeWords() throws {
        let found = try read(". . . 1 2\nat name 3 4\na\u{85}b 5 6\n\u{2028} 7 8")
        #expect(found.words == [". . .", "at name", "a\u{85}b", "\u{2028}"])
        #expect(found.values == [1, 2, 3, 4, 5, 6, 7, 8])
    }

    @Test("A number is read as the standard library reads it")
    func numbers() {
        var random = Seeded(1)
        var texts = ["0", "-0", "1.", ".5", "+3", "1e5", "1E-5", "123456789012345678901234567890", "0.1e-37", "3.4e38"]
        for _ in 0..<5000 {
            let value = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &random))
            guard value.isFinite else { continue }
            texts += ["\(value)", String(format: "%.6f", value), String(format: "%.9g", value)]
        }
        for text in texts {
            let found = Array(text.utf8).withUnsafeBufferPointer { Float(decimal: $0) }
            #expect(found == Float(text) ?? Float(text + "0"), "\(text)")
        }
        for text in ["", "-", ".", "nan", "inf", "1e", "1e400", "1x", "0x1p3", "1 2", "--1"] {
            #expect(Array(text.utf8).withUnsafeBufferPointer { Float(decimal: $0) } == nil, "\(text)")
        }
    }

    @Test(
        "A file that cannot be used is refused with the place and the reason",
        arguments: [
            ("", "it is empty"), ("hello\n", "neither"),
            ("3 2\na 1 2\nb 3 4\n", "has 2 vectors, but its first line says 3"),
            ("a 1 2 3\nb 4 5 6\nc 1\n", "vector 3: the line has 1 numbers after its word, expected 3"),
            ("1 2\na 1 x\n", "vector 1"), ("1 9999\na 1\n", "9999 dimensions"), ("a 1 2\nb nan 2\nc 1 2\n", "vector 2"),
            ("2 4\na \u{1}\u{2}\u{3}", "vector 1: the file ends within it"),
        ] as [(String, String)])
    func refusal(text: String, reason: String) throws {
        let error = #expect(throws: VectorFileError.self) { try read(text) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test("A compressed file and a folder are refused with what to do")
    func otherThings() throws {
        let compressed = #expect(throws: VectorFileError.self) {
            try withFile([0x1F, 0x8B, 8, 0]) { try VectorFile(path: $0) }
        }
        #expect(compressed?.description.contains("gunzip") == true)
        let folder = #expect(throws: VectorFileError.self) { try VectorFile(path: "/") }
        #expect(folder?.description.contains("not a regular file") == true)
    }

    @Test("A file that is cut off anywhere is refused or has fewer vectors, and never stops the program")
    func cuts() throws {
        for format in VectorFile.Format.allCases {
            let whole = try written(format)
            for length in 0..<whole.count {
                try withFile(Array(whole[..<length])) { path in
                    guard let found = try? WordVectors(VectorFile(path: path)) else { return }
                    #expect(found.words.count <= vectors.words.count)
                    #expect(format != .binary || found == vectors)
                }
            }
        }
    }

    @Test("The vectors of the words of texts are found by their hashes")
    func pretrained() throws {
        let words = WordCounts(of: ["The crew", "the crew, the"], try TextPipeline(["lowercase"]))
        #expect(words.words.map(\.text) == ["the", "crew", ","] && words.words.map(\.count) == [3, 2, 1])
        #expect(words.total == 6)
        let found = try withFile(Array("crew 1 2\nCrew 9 9\nof the 8 8\nthe 3 4\nthe 5 6\n".utf8)) {
            try PretrainedVectors(VectorFile(path: $0), of: words)
        }
        #expect(found.hashes.count == 2)
        let rows = words.words.map { word in found.range(of: word.hash).map { Array(found.values[$0]) } }
        #expect(rows == [[3, 4], [1, 2], nil])
    }

    @Test("The nearest words and the counterpart of a word are those with the largest cosines")
    func neighbours() throws {
        var random = Seeded(4)
        let words = (0..<200).map { "w\($0)" }
        let vectors = WordVectors(words: words, width: 8, values: random.floats(1600))
        var bytes: [UInt8] = []
        try vectors.write(.binary) { bytes += $0 }
        let (found, direction) = try withFile(bytes) { path in
            let file = try VectorFile(path: path)
            let known = try file.directions(of: ["w3", "w70", "none"])
            #expect(Set(known.keys) == ["w3", "w70"])
            let direction = zip(known["w3"] ?? [], known["w70"] ?? []).map { $0 - $1 }
            return (try file.neighbours(of: direction, count: 7, leavingOut: ["w3"]), direction)
        }
        func cosine(_ word: Int) -> Double {
            let row = vectors.values[word * 8..<(word + 1) * 8].map(Double.init)
            let lengths = [row, direction.map(Double.init)].map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
            return zip(row, direction).reduce(0) { $0 + $1.0 * Double($1.1) } / (lengths[0] * lengths[1])
        }
        let expected = (0..<200).filter { $0 != 3 }.sorted { cosine($0) > cosine($1) }.prefix(7)
        #expect(found.map(\.word) == expected.map { "w\($0)" })
        for (found, word) in zip(found, expected) { #expect(abs(Double(found.similarity) - cosine(word)) < 1e-5) }
    }
}
