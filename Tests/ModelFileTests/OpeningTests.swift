import Fixtures
import Foundation
import Packaging
import Testing

@testable import ModelFile

/// What is refused when a file is opened, and what only `verify` finds.
@Suite struct OpeningTests {
    @Test(.timeLimit(.minutes(1)), arguments: ["pipe", "folder", "/dev/null", "/dev/zero", "socket"])
    func anythingButARegularFileIsRefusedAtOnce(kind: String) throws {
        try Workplace.withFolder { folder in
            var path = folder.appendingPathComponent("model.gguf").path
            switch kind {
            case "pipe": #expect(mkfifo(path, 0o600) == 0)
            case "folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            case "socket": #expect(mknod(path, S_IFSOCK | 0o600, 0) == 0)
            default: path = kind
            }
            #expect(throws: ModelFileError.notAFile(path: path)) { try ModelFile(path: path) }
        }
    }

    @Test func aPointerOfGitLFSIsRecognized() throws {
        try Workplace.withFolder { folder in
            let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
            let error = #expect(throws: ModelFileError.self) { try TinyFile.open(Array(pointer.utf8), in: folder) }
            #expect(error?.description.contains("is a pointer of Git LFS") == true)
        }
    }

    @Test(arguments: [Float.nan, -.nan, .infinity, -.infinity])
    func aWeightThatIsNotFiniteIsFoundByVerify(weight: Float) throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            let schema = TensorSchema("weights", .float32, [3])
            let values = [1, weight, 2]
            try ModelFile.write(
                to: path, metadata: TinyFile.metadata,
                tensors: [.init(schema) { values.withUnsafeBytes { Array($0) } }], hash: SHA256.hexadecimal)
            let error = #expect(throws: ModelFileError.notFinite(path: path, name: "weights")) {
                try ModelFile(path: path).verify()
            }
            #expect(error?.description.contains("tensor 'weights' has a value that is not a finite number") == true)
        }
    }

    @Test func anArrayThatNoReaderAcceptsIsNotWritten() throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            let values = [MetadataValue](repeating: .uint8(0), count: ModelFile.maximumElements + 1)
            #expect(throws: ModelFileError.tooLong(path: path, key: "pinson.x", found: 65537, limit: 65536)) {
                try ModelFile.write(
                    to: path, metadata: [("pinson.x", .array(values))], tensors: [], hash: SHA256.hexadecimal)
            }
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func theOwnHashIsThatOfTheLibrary() {
        var random = Seeded(1)
        for count in Array(0...300) + [4096, 100_003] {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(bytes.withUnsafeBytes(SHA256.hexadecimal) == bytes.withUnsafeBytes(sha256), "\(count) bytes")
        }
        #expect(
            Array("abc".utf8).withUnsafeBytes(SHA256.hexadecimal)
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
