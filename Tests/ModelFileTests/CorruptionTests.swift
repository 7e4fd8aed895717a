import Fixtures
import Foundation
import Testing

@testable import ModelFile
@testable import Packaging

/// Each way in which a file can be damaged has its own error.
@Suite struct CorruptionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var message: String
        var damage: @Sendable (inout [UInt8]) -> Void

        var testDescription: String { name }

        init(_ name: String, _ message: String, _ damage: @escaping @Sendable (inout [UInt8]) -> Void) {
            (self.name, self.message, self.damage) = (name, message, damage)
        }
    }

    /// Overwrites the bytes at `offset` after the first occurrence of `text`.
    private static func patch(_ bytes: inout [UInt8], after text: String, _ patch: [UInt8]) {
        Self.patch(&bytes, after: text, 0, patch)
    }

    private static func patch(_ bytes: inout [UInt8], after text: String, _ offset: Int, _ patch: [UInt8]) {
        let text = Array(text.utf8)
        let start = bytes.indices.first { bytes[$0...].starts(with: text) } ?? 0
        bytes.replaceSubrange(start + text.count + offset..<start + text.count + offset + patch.count, with: patch)
    }

    /// The name of the tensor "b".
    ///
    /// Its record follows: rank u32, one extent u64, type u32, offset u64.
    private static let b = "\u{1}\0\0\0\0\0\0\0b"

    static let cases: [Case] = [
        Case("empty", "is empty") { $0 = [] },
        Case("other magic", "is not a GGUF file") { $0[2...3] = [0x4D, 0x4C] },
        Case("short magic", "is not a GGUF file") { $0 = Array("GG".utf8) },
        Case("version 2", "is GGUF version 2, expected 3") { $0[4] = 2 },
        Case("too many tensors", "claims to have 72057594037927939 tensors") { $0[15] = 1 },
        Case("too many entries", "metadata entries, which is more") { $0[23] = 0xFF },
        Case("long key", "bytes of a metadata key, which is more") { $0[31] = 0xFF },
        Case("key not UTF-8", "a metadata key is not UTF-8") { patch(&$0, after: "general.", [0xFF]) },
        Case("duplicate key", "has the metadata key 'pinson.small' twice") { bytes in
            // pinson.large is as long as pinson.small, but is followed by a u64 instead of an i8.
            patch(&bytes, after: "\u{c}\0\0\0\0\0\0\0pinson.", 0, Array("small".utf8))
            let start = bytes.indices.first { bytes[$0...].starts(with: Array("pinson.large".utf8)) } ?? 0
            bytes.replaceSubrange(start..<start + 12, with: Array("pinson.small".utf8))
        },
        Case("unknown value type", "the metadata value of 'pinson.flag' has type 13") {
            patch(&$0, after: "pinson.flag", [13])
        },
        Case("array in an array", "the metadata value of 'pinson.numbers' has type 9") {
            patch(&$0, after: "pinson.numbers", 4, [9])
        },
        Case("a boolean of two", "'pinson.flag' is not a boolean") { patch(&$0, after: "pinson.flag", 4, [2]) },
        Case("huge array", "elements of 'pinson.numbers', which is more") {
            patch(&$0, after: "pinson.numbers", 8, [255, 255, 255])
        },
        Case("other architecture", "is a GGUF file of the architecture 'qinson'") {
            patch(&$0, after: "general.architecture", 12, Array("q".utf8))
        },
        Case("missing architecture", "does not have the metadata key 'general.architecture'") {
            patch(&$0, after: "general.architectur", Array("x".utf8))
        },
        Case("architecture an array", "'general.architecture' is not a string") { bytes in
            // An array of two bytes takes as much room as a string of six.
            patch(&bytes, after: "general.architecture", [9, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 1])
        },
        Case("newer format", "has format version 3, but this build of Pinson reads version 2. Use a newer build") {
            patch(&$0, after: "pinson.format_version", 4, [3])
        },
        Case("older format", "has format version 1, but this build of Pinson reads version 2. Write it again") {
            patch(&$0, after: "pinson.format_version", 4, [1])
        },
        Case("other alignment", "is aligned to 32 bytes, expected 64") {
            patch(&$0, after: "general.alignment", 4, [32])
        },
        Case("rank 0", "tensor 'b' has rank 0") { patch(&$0, after: b, [0]) },
        Case("rank 5", "tensor 'b' has rank 5") { patch(&$0, after: b, [5]) },
        Case("extent 0", "tensor 'b' has an extent of zero, or is larger than the file") {
            patch(&$0, after: b, 4, [0])
        },
        Case("extent overflows", "tensor 'b' has an extent of zero, or is larger than the file") {
            patch(&$0, after: b, 11, [0x7F])
        },
        Case("extent beyond Int", "tensor 'b' has an extent of zero, or is larger than the file") {
            patch(&$0, after: b, 11, [0xFF])
        },
        Case("extent beyond the file", "tensor 'b' has an extent of zero, or is larger than the file") {
            patch(&$0, after: b, 6, [1])
        },
        Case("product overflows", "tensor 'a' has an extent of zero, or is larger than the file") {
            patch(&$0, after: "\u{1}\0\0\0\0\0\0\0a", 4, [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])
        },
        Case("unknown tensor type", "tensor 'b' has type 1, expected 0 (F32), 24 (I8), 26 (I32)") {
            patch(&$0, after: b, 12, [1])
        },
        Case("misaligned", "tensor 'b' lies at offset 65, expected a multiple of 64") {
            patch(&$0, after: b, 16, [65])
        },
        Case("overlapping", "tensor 'b' lies at offset 0, expected 64") { patch(&$0, after: b, 16, [0]) },
        Case("a gap", "tensor 'b' lies at offset 128, expected 64") { patch(&$0, after: b, 16, [128]) },
        Case("offset overflows", "tensor 'b' lies at offset 18446744073709551552, expected 64") {
            patch(&$0, after: b, 16, [0xC0, 255, 255, 255, 255, 255, 255, 255])
        },
        Case("tensor name twice", "has the tensor 'a' twice") { bytes in
            let start = bytes.indices.first { bytes[$0...].starts(with: Array(b.utf8)) } ?? 0
            bytes[start + 8] = UInt8(ascii: "a")
        },
        Case("tensor grows", "tensor 'c' lies at offset 128, expected 192") { patch(&$0, after: b, 4, [65]) },
        Case("ends in a tensor", "ends within tensor 'c'") { $0.removeLast(60) },
        Case("ends in the padding", "ends within the padding after the last tensor") { $0.removeLast() },
        Case("something appended", "Bytes were appended after the last tensor") { $0.append(0) },
    ]

    @Test(arguments: cases)
    func aDamageIsNamed(_ damage: Case) throws {
        try Workplace.withFolder { folder in
            var bytes = try TinyFile.bytes(in: folder)
            damage.damage(&bytes)
            let error = #expect(throws: ModelFileError.self) { try TinyFile.open(bytes, in: folder) }
            let message = error?.description ?? ""
            #expect(message.contains(damage.message), "\(message)")
            #expect(message.hasPrefix(folder.appendingPathComponent("damaged.gguf").path + ": "))
            #expect(message.hasSuffix("."))
        }
    }

    @Test func aFileCutAnywhereIsRefused() throws {
        try Workplace.withFolder { folder in
            let bytes = try TinyFile.bytes(in: folder)
            for count in 0..<bytes.count {
                #expect(throws: ModelFileError.self, "cut to \(count) bytes") {
                    try TinyFile.open(Array(bytes.prefix(count)), in: folder)
                }
            }
        }
    }

    @Test func aPathWithoutAFileIsNamed() {
        #expect(throws: ModelFileError.unreadable(path: "/nowhere.gguf", operation: "open", errno: 2)) {
            try ModelFile(path: "/nowhere.gguf")
        }
        #expect(throws: ModelFileError.notAFile(path: "/tmp")) { try ModelFile(path: "/tmp") }
        #expect(
            "\(ModelFileError.unreadable(path: "/nowhere.gguf", operation: "open", errno: 2))"
                == "/nowhere.gguf: cannot open the model file: No such file or directory.")
    }

    @Test func aTensorThatDiffersFromItsSchemaIsNamed() throws {
        try Workplace.withFolder { folder in
            let file = try TinyFile.open(TinyFile.bytes(in: folder), in: folder)
            let path = file.path
            #expect(throws: ModelFileError.missingTensor(path: path, name: "z")) {
                try file.tensor(TensorSchema("z", .int8, [1]))
            }
            #expect(throws: ModelFileError.wrongTensorType(path: path, name: "a", found: .float32, expected: .int8)) {
                try file.tensor(TensorSchema("a", .int8, [2, 3]))
            }
            let error = #expect(throws: ModelFileError.self) { try file.tensor(TensorSchema("a", .float32, [3, 2])) }
            #expect(
                error?.description
                    == "\(path): tensor 'a' is (2, 3), expected (3, 2). Write it again with `pinson pack`.")
            #expect(
                throws: ModelFileError.valueOutOfRange(
                    path: path, key: "pinson.max_tokens", found: 128, expected: 1...64)
            ) { try file.metadata.integer("pinson.max_tokens", in: 1...64) }
        }
    }

    /// Thousands of seeded damages: none crashes the reader, and none passes `verify`.
    @Test(arguments: 0..<8)
    func noDamagePassesTheChecksums(seed: UInt64) throws {
        var random = Seeded(seed)
        try Workplace.withFolder { folder in
            let original = try TinyFile.bytes(in: folder)
            // Much of the file is padding in the header, so half of the damages hit the rest.
            let interesting = original.indices.filter { original[$0] != 0x20 }
            for _ in 0..<500 {
                var bytes = original
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let index =
                        Bool.random(using: &random)
                        ? interesting.randomElement(using: &random) : original.indices.randomElement(using: &random)
                    bytes[index ?? 0] = UInt8.random(in: 0...255, using: &random)
                }
                if Int.random(in: 0..<10, using: &random) == 0 {
                    bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
                }
                guard bytes != original, let file = try? TinyFile.open(bytes, in: folder) else { continue }
                #expect(throws: ModelFileError.self) { try file.verify() }
            }
        }
    }

    @Test func everySingleByteCounts() throws {
        try Workplace.withFolder { folder in
            let original = try TinyFile.bytes(in: folder)
            for index in original.indices {
                var bytes = original
                bytes[index] ^= 0x01
                guard let file = try? TinyFile.open(bytes, in: folder) else { continue }
                #expect(throws: ModelFileError.self, "byte \(index)") { try file.verify() }
            }
        }
    }
}
