import Foundation

@testable import ModelFile
@testable import Packaging

/// A model file of three tensors, whose bytes tests can damage.
enum TinyFile {
    static let metadata: [MetadataEntry] = [
        ("general.name", .string("tiny")), ("pinson.labels", .array([.string("negative"), .string("positive")])),
        ("pinson.max_tokens", .uint32(128)), ("pinson.flag", .bool(true)), ("pinson.epsilon", .float32(1e-12)),
        ("pinson.small", .int8(-3)), ("pinson.large", .uint64(1 << 40)), ("pinson.double", .float64(0.1)),
        ("pinson.numbers", .array([.int32(-1), .int32(7)])),
    ]

    static var tensors: [ModelFile.NewTensor] {
        [
            .init(TensorSchema("a", .float32, [2, 3])) {
                littleEndianBytes([Float](arrayLiteral: 1, 2, 3, 4, 5, 6))
            },
            .init(TensorSchema("b", .int8, [5])) { [1, 2, 3, 4, 255] },
            .init(TensorSchema("c", .int32, [1, 1, 2])) { littleEndianBytes([Int32(-7), 9]) },
        ]
    }

    /// The bytes of the file: a header of one page, then 64 bytes for each tensor.
    static func bytes(in folder: URL) throws -> [UInt8] {
        let path = folder.appendingPathComponent("tiny.gguf").path
        try ModelFile.write(to: path, metadata: metadata, tensors: tensors, hash: sha256)
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func open(_ bytes: [UInt8], in folder: URL) throws -> ModelFile {
        let url = folder.appendingPathComponent("damaged.gguf")
        try Data(bytes).write(to: url)
        return try ModelFile(path: url.path)
    }
}
