import Foundation
import ModelFile
import Text

/// Turns a Hugging Face checkpoint into a model file.
public struct Packer {
    public struct Options: Sendable {
        /// `general.name` of the model; nil takes the folder's name.
        public var name: String?
        /// The most tokens of a text that count; positions beyond are left out of the file.
        public var maxTokens: Int
        public var precision: Precision

        public init(name: String? = nil, maxTokens: Int = 128, precision: Precision = .int8) {
            self.name = name
            self.maxTokens = maxTokens
            self.precision = precision
        }
    }

    /// What was packed, and the bytes of each part of the file.
    public struct Report: Codable, Equatable, Sendable {
        public struct Part: Codable, Equatable, Sendable {
            public var name: String
            public var bytes: Int
        }

        public var name: String
        public var architecture: String
        public var labels: [String]
        public var parameters: Int
        public var parts: [Part]
        public var bytes: Int
    }

    /// Packs the checkpoint in the folder `checkpoint` into `output`, whole or not at all.
    ///
    /// - Throws: `PackagingError` for what the checkpoint lacks or has wrong, `ModelFileError` if writing fails.
    public static func pack(_ checkpoint: String, into output: String, _ options: Options = Options()) throws -> Report
    {
        let checkpoint = try Checkpoint(path: checkpoint)
        let tokenizer = try TokenizerFiles(folder: checkpoint.path)
        let configuration = checkpoint.configuration
        guard (2...configuration.positions).contains(options.maxTokens) else {
            throw PackagingError.unsupported(
                path: configuration.path, what: "--max-tokens", found: "\(options.maxTokens)",
                expected: "2...\(configuration.positions)")
        }
        guard tokenizer.tokens.count <= configuration.vocabulary else {
            throw PackagingError.malformed(
                path: tokenizer.path,
                reason: "it has \(tokenizer.tokens.count) tokens, the embeddings have \(configuration.vocabulary) rows")
        }
        if configuration.architecture == .bertEncoder { try SentenceEncoder.check(folder: checkpoint.path) }

        let name = options.name ?? URL(fileURLWithPath: checkpoint.path).standardizedFileURL.lastPathComponent
        var tensors = TransformerTensors(checkpoint, maxTokens: options.maxTokens, precision: options.precision)
        try tensors.addAll()
        let trie = Trie.build(tokenizer.tokens)
        let vocabulary = ModelFile.NewTensor(
            name: "vocabulary.trie", type: .int32, shape: [trie.count / Trie.nodeWidth, Trie.nodeWidth]
        ) { littleEndianBytes(trie) }
        let all = [vocabulary] + tensors.tensors
        try ModelFile.write(
            to: output, metadata: metadata(name: name, configuration, tokenizer, options), tensors: all, digest: sha256)

        var parts: [Report.Part] = []
        for tensor in all {
            let part = String(tensor.name.prefix { $0 != "." })
            if parts.last?.name == part {
                parts[parts.count - 1].bytes += tensor.byteCount
            } else {
                parts.append(.init(name: part, bytes: tensor.byteCount))
            }
        }
        return Report(
            name: name, architecture: configuration.architecture.rawValue, labels: configuration.labels,
            parameters: tensors.parameters, parts: parts,
            bytes: try FileManager.default.attributesOfItem(atPath: output)[.size] as? Int ?? 0)
    }

    private static func metadata(
        name: String, _ configuration: Configuration, _ tokenizer: TokenizerFiles, _ options: Options
    ) -> [(key: String, value: MetadataValue)] {
        func number(_ value: Int) -> MetadataValue { .uint32(UInt32(value)) }
        func strings(_ values: [String]) -> MetadataValue { .array(values.map { .string($0) }) }
        let head =
            switch configuration.architecture {
            case .bertClassifier: "tanh"
            case .distilbertClassifier: "relu"
            case .bertEncoder: "none"
            }
        return [
            ("general.name", .string(name)),
            ("pinson.family", .string("transformer")),
            ("pinson.labels", strings(configuration.labels)),
            ("pinson.decision_threshold", .float32(0.5)),
            ("pinson.max_tokens", number(options.maxTokens)),
            ("pinson.preprocessing", .string("none")),
            ("pinson.packing", .string(options.precision.packing)),
            ("pinson.bits", number(options.precision.rawValue)),
            ("pinson.transformer.vocabulary", number(configuration.vocabulary)),
            ("pinson.transformer.width", number(configuration.width)),
            ("pinson.transformer.layers", number(configuration.layers)),
            ("pinson.transformer.heads", number(configuration.heads)),
            ("pinson.transformer.inner", number(configuration.inner)),
            ("pinson.transformer.epsilon", .float32(configuration.epsilon)),
            ("pinson.transformer.pooling", .string(configuration.architecture == .bertEncoder ? "mean" : "first")),
            ("pinson.transformer.head", .string(head)),
            ("pinson.tokenizer.kind", .string("wordpiece")),
            ("pinson.tokenizer.cleans_text", .bool(tokenizer.normalizer.cleansText)),
            ("pinson.tokenizer.splits_ideographs", .bool(tokenizer.normalizer.splitsIdeographs)),
            ("pinson.tokenizer.strips_accents", .bool(tokenizer.normalizer.stripsAccents)),
            ("pinson.tokenizer.lowercases", .bool(tokenizer.normalizer.lowercases)),
            ("pinson.tokenizer.unknown_token", .string(tokenizer.unknown)),
            ("pinson.tokenizer.start_token", .string(tokenizer.start)),
            ("pinson.tokenizer.end_token", .string(tokenizer.end)),
            ("pinson.tokenizer.special_tokens", strings(tokenizer.specials)),
        ]
    }
}

/// What sentence-transformers says of an encoder beside its config.json.
private enum SentenceEncoder {
    /// Throws unless the encoder only pools by the mean and normalizes, which is also taken where nothing is said.
    static func check(folder: String) throws {
        try checkModules(path: "\(folder)/modules.json")
        let path = "\(folder)/1_Pooling/config.json"
        guard FileManager.default.fileExists(atPath: path) else { return }
        let modes = try JSONFile(path: path).object
            .filter { $0.key.hasPrefix("pooling_mode_") && $0.value as? Bool == true }.keys.sorted()
        guard modes == ["pooling_mode_mean_tokens"] else {
            throw PackagingError.unsupported(
                path: path, what: "the pooling mode", found: modes.joined(separator: ", "),
                expected: "pooling_mode_mean_tokens")
        }
    }

    private static func checkModules(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else { return }
        let modules = (try? JSONSerialization.jsonObject(with: data)) as? [[String: Any]] ?? []
        let kinds = modules.map {
            ($0["type"] as? String ?? "").split(separator: ".").last.map(String.init) ?? "missing"
        }
        guard [["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]].contains(kinds) else {
            throw PackagingError.unsupported(
                path: path, what: "the chain of modules", found: kinds.joined(separator: ", "),
                expected: "Transformer, Pooling and perhaps Normalize")
        }
    }
}
