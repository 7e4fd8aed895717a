import Files
import Foundation
internal import JSON

extension BaseCheckpoint {
    /// The files of a tokenizer that are copied if the base has them.
    private static let tokenizerFiles = [
        "tokenizer.json", "vocab.txt", "tokenizer_config.json", "special_tokens_map.json",
    ]

    /// The files of sentence-transformers, which say how hidden states become a vector.
    private static let sentenceFiles = [
        "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json", "1_Pooling/config.json",
        "README.md",
    ]

    /// Writes a classifier as a checkpoint that Hugging Face `transformers` opens.
    ///
    /// - Parameters:
    ///   - folder: The folder, which is created if there is none.
    ///   - values: The elements of all `tensors`, one tensor after the other.
    /// - Throws: `FileError` if a file cannot be written, and `PackagingError` if a file of the base cannot be read.
    public func write(to folder: String, values: [Float]) throws {
        try write(to: folder, classifierConfiguration, Self.tokenizerFiles, values) { $0 }
    }

    /// Writes the encoder without a head, as a checkpoint that `sentence-transformers` opens.
    ///
    /// - Parameters:
    ///   - folder: The folder, which is created if there is none.
    ///   - values: The elements of all `tensors`, one tensor after the other.
    /// - Throws: `FileError` if a file cannot be written, and `PackagingError` if a file of the base cannot be read.
    public func writeEncoder(to folder: String, values: [Float]) throws {
        precondition(!isDistilled, "only the encoder of a BERT can be written alone")
        let root = "bert."
        try write(to: folder, encoderConfiguration, Self.tokenizerFiles + Self.sentenceFiles, values) { name in
            let isHead = name.hasPrefix("\(root)pooler.") || !name.hasPrefix(root)
            return isHead ? nil : String(name.dropFirst(root.count))
        }
    }

    private func write(
        to folder: String, _ configuration: JSON, _ files: [String], _ values: [Float], name: (String) -> String?
    ) throws {
        try createFolder(folder)
        var writer = JSONWriter()
        writer.value(configuration)
        try CheckpointFile.write(writer.bytes + [UInt8(ascii: "\n")], to: "\(folder)/config.json")
        for name in files { try CheckpointFile.copy(name, from: path, to: folder) }
        var offset = 0
        let new = tensors.compactMap { tensor in
            let count = tensor.shape.reduce(1, *)
            defer { offset += count }
            return name(tensor.name).map {
                Safetensors.NewTensor($0, shape: tensor.shape, values[offset..<offset + count])
            }
        }
        try Safetensors.write(
            to: "\(folder)/model.safetensors", metadata: [("format", "pt")], tensors: new.sorted { $0.name < $1.name })
    }

    /// The members of the base's config.json that hold for everything that is trained from it.
    private var keptConfiguration: [JSON.Member] {
        let replaced: Set<String> = [
            "architectures", "id2label", "label2id", "num_labels", "problem_type", "torch_dtype", "dtype",
            "_name_or_path", isDistilled ? "n_layers" : "num_hidden_layers",
        ]
        return (configuration.members ?? []).filter { !replaced.contains($0.key) } + [
            .init(key: isDistilled ? "n_layers" : "num_hidden_layers", value: .number(Double(chosenLayers.count))),
            .init(key: "dtype", value: .string("float32")),
        ]
    }

    /// The base's config.json with the architecture of a sentence encoder.
    private var encoderConfiguration: JSON {
        let architecture = Architecture.bertEncoder.rawValue
        return .object(
            keptConfiguration + [.init(key: "architectures", value: .array([.string(architecture)]))])
    }

    /// The base's config.json with the classifier's architecture and labels.
    private var classifierConfiguration: JSON {
        let architecture: Architecture = isDistilled ? .distilbertClassifier : .bertClassifier
        let ids = labels.enumerated()
        return .object(
            keptConfiguration + [
                .init(key: "architectures", value: .array([.string(architecture.rawValue)])),
                .init(
                    key: "id2label",
                    value: .object(ids.map { .init(key: "\($0.offset)", value: .string($0.element)) })),
                .init(
                    key: "label2id",
                    value: .object(ids.map { .init(key: $0.element, value: .number(Double($0.offset))) })),
                .init(key: "problem_type", value: .string("single_label_classification")),
            ])
    }
}
