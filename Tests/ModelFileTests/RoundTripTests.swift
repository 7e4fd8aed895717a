import Files
import Fixtures
import Foundation
import Testing

@testable import ModelFile
@testable import Packaging

@Suite struct RoundTripTests {
    @Test func readingReturnsWhatWasWritten() throws {
        try Workplace.withFolder { folder in
            let bytes = try TinyFile.bytes(in: folder)
            let file = try TinyFile.open(bytes, in: folder)
            for (key, value) in TinyFile.metadata { #expect(file.metadata[key] == value) }
            #expect(file.tensors.map(\.name) == ["a", "b", "c"])
            #expect(
                Array(try file.tensor(TensorSchema("a", .float32, [2, 3])).elements(as: Float.self)) == [
                    1, 2, 3, 4, 5, 6,
                ])
            #expect(Array(try file.tensor(TensorSchema("b", .int8, [5])).elements(as: Int8.self)) == [1, 2, 3, 4, -1])
            #expect(Array(try file.tensor(TensorSchema("c", .int32, [1, 1, 2])).elements(as: Int32.self)) == [-7, 9])
            #expect(file.isMapped)
            #expect(file.dataOffset == 4096)
            #expect(bytes.count == 4096 + 3 * 64)
            try file.verify()
        }
    }

    @Test func everyTensorIsAlignedInMemory() throws {
        try Workplace.withFolder { folder in
            let file = try TinyFile.open(TinyFile.bytes(in: folder), in: folder)
            for tensor in file.tensors { #expect(UInt(bitPattern: tensor.bytes.baseAddress) % 64 == 0) }
            #expect(UInt(bitPattern: file.tensors[0].bytes.baseAddress) % 4096 == 0)
        }
    }

    @Test func aFileThatCannotBeMappedIsRead() throws {
        try Workplace.withFolder { folder in
            let bytes = try TinyFile.bytes(in: folder)
            let mapping = try Mapping(path: folder.appendingPathComponent("tiny.gguf").path, map: false)
            #expect(!mapping.isMapped)
            #expect(mapping.bytes.elementsEqual(bytes))
            #expect(UInt(bitPattern: mapping.bytes.baseAddress) % 64 == 0)
        }
    }

    @Test func writingTwiceGivesTheSameBytes() throws {
        try Workplace.withFolder { folder in
            let first = try TinyFile.bytes(in: folder)
            #expect(try TinyFile.bytes(in: folder) == first)
        }
    }

    @Test func aWriteThatFailsLeavesNothingAndKeepsTheOldFile() throws {
        struct Failure: Error {}
        try Workplace.withFolder { folder in
            let old = try TinyFile.bytes(in: folder)
            let path = folder.appendingPathComponent("tiny.gguf").path
            let broken = TinyFile.tensors + [.init(TensorSchema("d", .int8, [1])) { throw Failure() }]
            #expect(throws: Failure.self) {
                try ModelFile.write(to: path, metadata: [], tensors: broken, hash: sha256)
            }
            #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) == old)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["tiny.gguf"])
        }
    }

    @Test func aFolderThatIsMissingIsNamed() {
        #expect(throws: FileError(path: "/nowhere/x.gguf", action: .create, errno: ENOENT)) {
            try ModelFile.write(to: "/nowhere/x.gguf", metadata: [], tensors: [], hash: sha256)
        }
    }

    /// This test needs the Python package `gguf`, which `make test` installs if it can.
    @Test(.enabled(if: Python.has("gguf"), "needs the Python package gguf"))
    func theReferenceReaderOpensWhatTheWriterWrote() throws {
        try Workplace.withFolder { folder in
            _ = try TinyFile.bytes(in: folder)
            let script = """
                import sys, gguf
                r = gguf.GGUFReader(sys.argv[1])
                f = {k: v.contents() for k, v in r.fields.items() if not k.startswith("GGUF.")}
                print(f["general.architecture"], f["general.alignment"], f["pinson.labels"], f["pinson.max_tokens"],
                      f["pinson.large"], f["pinson.flag"], f["pinson.small"])
                for t in r.tensors: print(t.name, t.tensor_type.name, t.data_offset, t.data.tolist())
                """
            let output = try Python.run(script, folder.appendingPathComponent("tiny.gguf").path)
            #expect(
                output == """
                    pinson 64 ['negative', 'positive'] 128 1099511627776 True -3
                    a F32 4096 [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
                    b I8 4160 [1, 2, 3, 4, -1]
                    c I32 4224 [[[-7, 9]]]

                    """)
        }
    }
}
