import Files
import Foundation
internal import JSON

extension BaseCheckpoint {
    /// The files of a tokenizer that are copied if the base has them.
    private static let tokenizerFiles = [
        "tokenizer.json", "vocab.txt", "tokenizer_config.json", "special_tokens_map.json",
    ]

    /// Writes a classifier as a checkpoint that Hugging Face `transformers` opens.
    ///
    /// - Parameters:
    ///   - folder: The folder, which is created if there is none.
    ///   - values: The elements of all `tensors`, one tensor after the other.
    /// - Throws: `FileError` if a file cannot be written, and `PackagingError` if a file of the base cannot be read.
    public func write(to folder: String, values: [Float]) throws {
        try createFolder(folder)
        var writer = JSONWriter()
        writer.value(classifierConfiguration)
        try Self.write(writer.bytes + [UInt8(ascii: "\n")], to: "\(folder)/config.json")
        for name in Self.tokenizerFiles where CheckpointFile.exists("\(path)/\(name)") {
            try Self.write(CheckpointFile.bytes("\(path)/\(name)"), to: "\(folder)/\(name)")
        }
        var offset = 0
        let new = tensors.map { tensor in
            let count = tensor.shape.reduce(1, *)
            defer { offset += count }
            return Safetensors.NewTensor(tensor.name, shape: tensor.shape, values[offset..<offset + count])
        }
        try Safetensors.write(
            to: "\(folder)/model.safetensors", metadata: [("format", "pt")], tensors: new.sorted { $0.name < $1.name })
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try AtomicFile(path: path)
        try file.append(bytes)
        try file.commit()
    }

    /// The base's config.json with the classifier's architecture and labels.
    private var classifierConfiguration: JSON {
        let replaced: Set<String> = [
            "architectures", "id2label", "label2id", "num_labels", "problem_type", "torch_dtype", "dtype",
            "_name_or_path",
        ]
        let architecture: Architecture = isDistilled ? .distilbertClassifier : .bertClassifier
        let ids = labels.enumerated()
        return .object(
            (configuration.members ?? []).filter { !replaced.contains($0.key) } + [
                .init(key: "architectures", value: .array([.string(architecture.rawValue)])),
                .init(
                    key: "id2label",
                    value: .object(ids.map { .init(key: "\($0.offset)", value: .string($0.element)) })),
                .init(
                    key: "label2id",
                    value: .object(ids.map { .init(key: $0.element, value: .number(Double($0.offset))) })),
                .init(key: "problem_type", value: .string("single_label_classification")),
                .init(key: "dtype", value: .string("float32")),
            ])
    }
}
