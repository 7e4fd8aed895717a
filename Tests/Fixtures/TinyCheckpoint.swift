public import Foundation

/// A checkpoint with about 30,000 random weights, in the files that `save_pretrained` of Hugging Face writes.
///
/// The same seed always gives the same weights. `make_goldens.py` computes the reference answers for these checkpoints.
/// The sizes are deliberately not multiples of 16, so tests also cover blocks that are not full.
public struct TinyCheckpoint {
    /// The number format of the weights in the safetensors file.
    public enum Encoding: String, CaseIterable, Sendable {
        /// IEEE 754 single precision.
        case float32 = "F32"
        /// IEEE 754 half precision.
        case float16 = "F16"
        /// The upper half of a float32.
        case bfloat16 = "BF16"
    }

    /// The number of values in a hidden state.
    public static let width = 40
    /// The number of values in an embedding, where it has a width of its own.
    public static let embeddingWidth = 24
    /// The width inside a feed-forward layer.
    public static let inner = 72
    /// The rows of the table of numbers for distances between tokens.
    static let distanceBuckets = 32
    /// The number of attention heads.
    public static let heads = 4
    /// The number of transformer layers.
    public static let layers = 2
    /// The largest number of tokens.
    public static let positions = 64
    /// The labels of the classifiers.
    public static let labels = ["negative", "neutral", "positive"]
    /// The special tokens, whose ids are 0 to 4.
    public static let specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    /// The tokens of more than one letter.
    public static let words = [
        "flight", "love", "late", "delay", "##ed", "##ing", "crew", "great", "worst", "airline", "not",
    ]

    /// All tokens by id: special tokens, punctuation, letters, letters inside a word, and `words`.
    public static var vocabulary: [String] {
        let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init)
        return specials + ["!", "#", "'", ",", ".", "?", "@"] + letters + letters.map { "##" + $0 } + words
    }

    /// The architecture of the model.
    public let architecture: Architecture
    /// The folder of the checkpoint.
    public let folder: URL

    /// Writes a checkpoint.
    ///
    /// - Parameters:
    ///   - architecture: the architecture of the model.
    ///   - folder: the folder of the checkpoint, which is created if needed.
    ///   - seed: the seed of the weights.
    ///   - encoding: the number format of the weights; bits that float16 and bfloat16 cannot hold are cut off.
    ///   - shards: the number of safetensors files; more than one also writes an index file.
    ///   - vocabularyFile: whether to write the vocabulary as `vocab.txt` instead of `tokenizer.json`.
    ///   - isWide: whether the width is 64 and the inner width 192, which fill the blocks of every instruction set,
    ///     instead of `width` and `inner`.
    ///   - segments: the number of rows in the table of segments of a BERT.
    ///   - edit: changes the configuration before it is written.
    /// - Throws: an error of Foundation if a file cannot be written.
    public init(
        _ architecture: Architecture = .bert, in folder: URL, seed: UInt64 = 1, encoding: Encoding = .float32,
        shards: Int = 1, vocabularyFile: Bool = false, isWide: Bool = false, segments: Int = 2,
        edit: (inout [String: Any]) -> Void = { _ in }
    ) throws {
        self.architecture = architecture
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (width, inner) = isWide ? (64, 192) : (Self.width, Self.inner)
        var configuration = Self.configuration(architecture, width: width, inner: inner)
        if architecture.hasSegments { configuration["type_vocab_size"] = segments }
        edit(&configuration)
        try write(JSONSerialization.data(withJSONObject: configuration, options: .sortedKeys), "config.json")
        if vocabularyFile {
            try write(Data((Self.vocabulary.joined(separator: "\n") + "\n").utf8), "vocab.txt")
        } else {
            try write(JSONSerialization.data(withJSONObject: Self.tokenizer, options: .sortedKeys), "tokenizer.json")
        }
        let weights = Self.weights(architecture, width: width, inner: inner, segments: segments, seed: seed)
        if shards == 1 {
            try write(safetensors(weights, encoding), "model.safetensors")
        } else {
            var map: [String: String] = [:]
            for shard in 0..<shards {
                let name = "model-\(shard).safetensors"
                let part = weights.enumerated().filter { $0.offset % shards == shard }.map(\.element)
                for weight in part { map[weight.name] = name }
                try write(safetensors(part, encoding), name)
            }
            try write(JSONSerialization.data(withJSONObject: ["weight_map": map]), "model.safetensors.index.json")
        }
    }

    private func write(_ data: Data, _ name: String) throws {
        try data.write(to: folder.appendingPathComponent(name))
    }

    private static var tokenizer: [String: Any] {
        [
            "version": "1.0",
            "added_tokens": specials.enumerated().map { ["id": $0, "content": $1, "special": true] as [String: Any] },
            "normalizer": [
                "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "lowercase": true,
            ],
            "pre_tokenizer": ["type": "BertPreTokenizer"],
            "model": [
                "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                "max_input_chars_per_word": 100,
                "vocab": Dictionary(uniqueKeysWithValues: vocabulary.enumerated().map { ($1, $0) }),
            ] as [String: Any],
        ]
    }

    /// Returns all weights, in the order in which the generator draws them.
    ///
    /// The weights of a layer norm lie around 1; all other values lie around 0.
    static func weights(
        _ architecture: Architecture, width: Int = width, inner: Int = inner, segments: Int = 2, seed: UInt64
    ) -> [Weight] {
        var random = Seeded(seed)
        var weights: [Weight] = []
        func add(_ name: String, _ shape: [Int], _ amplitude: Float = 0.25, around centre: Float = 0) {
            let values = random.floats(shape.reduce(1, *), amplitude).map { $0 + centre }
            weights.append(Weight(name: name, shape: shape, values: values))
        }
        func addNorm(_ name: String, _ width: Int) {
            add("\(name).weight", [width], 0.5, around: 1)
            add("\(name).bias", [width], 0.5)
        }
        func addLinear(_ name: String, _ inputs: Int, _ outputs: Int) {
            add("\(name).weight", [outputs, inputs])
            add("\(name).bias", [outputs])
        }
        let root = architecture.root
        let embedding = architecture.projection == nil ? width : embeddingWidth
        add("\(root)embeddings.word_embeddings.weight", [vocabulary.count, embedding], 1)
        add("\(root)embeddings.position_embeddings.weight", [architecture.positionRows, embedding], 1)
        if architecture.hasSegments { add("\(root)embeddings.token_type_embeddings.weight", [segments, embedding], 1) }
        addNorm("\(root)embeddings.LayerNorm", embedding)
        if let projection = architecture.projection { addLinear(projection, embedding, width) }
        if architecture == .mpnet { add("\(root)encoder.relative_attention_bias.weight", [distanceBuckets, heads], 1) }
        for index in 0..<architecture.storedLayers {
            let layer = architecture.layer(index)
            for name in layer.attention { addLinear(name, width, width) }
            addNorm(layer.attentionNorm, width)
            addLinear(layer.up, width, inner)
            addLinear(layer.down, inner, width)
            addNorm(layer.outputNorm, width)
        }
        if let head = architecture.head {
            addLinear(head.dense, width, width)
            addLinear(head.classifier, width, labels.count)
        }
        return weights
    }

    /// A named tensor in row-major order.
    struct Weight {
        var name: String
        var shape: [Int]
        var values: [Float]
    }

    /// Returns a safetensors file: the length of the header, the header as JSON, and the data.
    private func safetensors(_ weights: [Weight], _ encoding: Encoding) throws -> Data {
        var header: [String: Any] = ["__metadata__": ["format": "pt"]]
        var data = Data()
        for weight in weights {
            let start = data.count
            for value in weight.values {
                switch encoding {
                case .float32: withUnsafeBytes(of: value.bitPattern) { data.append(contentsOf: $0) }
                case .float16: withUnsafeBytes(of: half(value)) { data.append(contentsOf: $0) }
                case .bfloat16: withUnsafeBytes(of: UInt16(value.bitPattern >> 16)) { data.append(contentsOf: $0) }
                }
            }
            header[weight.name] =
                ["dtype": encoding.rawValue, "shape": weight.shape, "data_offsets": [start, data.count]]
                as [String: Any]
        }
        let json = try JSONSerialization.data(withJSONObject: header, options: .sortedKeys)
        return withUnsafeBytes(of: UInt64(json.count)) { Data($0) } + json + data
    }

    /// Returns the bits of `value` as a float16 with the fraction cut off; a value below the normal range becomes 0.
    private func half(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        let exponent = Int(bits >> 23 & 0xFF) - 112
        guard exponent > 0 else { return UInt16(bits >> 16 & 0x8000) }
        return UInt16(bits >> 16 & 0x8000) | UInt16(exponent << 10) | UInt16(bits >> 13 & 0x3FF)
    }
}

extension TinyCheckpoint {
    /// Returns the number of values in all tensors of a checkpoint.
    public static func weightCount(_ architecture: Architecture) -> Int {
        weights(architecture, seed: 1).reduce(0) { $0 + $1.values.count }
    }

    /// Returns the values of all tensors of a checkpoint with the seed 1, by their names.
    public static func values(_ architecture: Architecture, segments: Int = 2) -> [String: [Float]] {
        Dictionary(
            uniqueKeysWithValues: weights(architecture, segments: segments, seed: 1).map { ($0.name, $0.values) })
    }
}
