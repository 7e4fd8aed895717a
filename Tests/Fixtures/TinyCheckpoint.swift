public import Foundation

/// A checkpoint of a few thousand weights made from a seed, as `save_pretrained` would write it.
///
/// make_goldens.py makes the same one and asks the reference implementation about it. Its sizes are no multiples of
/// 16 on purpose.
public struct TinyCheckpoint {
    public enum Architecture: String, CaseIterable, Sendable {
        case bert = "BertForSequenceClassification"
        case distilbert = "DistilBertForSequenceClassification"
        case encoder = "BertModel"
    }

    public enum Encoding: String, CaseIterable, Sendable { case float32 = "F32", float16 = "F16", bfloat16 = "BF16" }

    public static let width = 40
    public static let inner = 72
    public static let heads = 4
    public static let layers = 2
    public static let positions = 64
    public static let labels = ["negative", "neutral", "positive"]
    public static let specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    public static let words = [
        "flight", "love", "late", "delay", "##ed", "##ing", "crew", "great", "worst", "airline", "not",
    ]

    /// Specials, punctuation, letters, letters within a word, words.
    public static var vocabulary: [String] {
        let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init)
        return specials + ["!", "#", "'", ",", ".", "?", "@"] + letters + letters.map { "##" + $0 } + words
    }

    public let architecture: Architecture
    public let folder: URL

    /// Writes it into `folder`, which is made.
    ///
    /// - Parameters:
    ///   - encoding: how the weights are stored; what float16 and bfloat16 cannot hold is cut off.
    ///   - shards: into how many files.
    ///   - isWide: of 64 inputs and 192 within, which fill the blocks of every instruction set; else of what fills none.
    ///   - edit: changes the configuration before it is written.
    public init(
        _ architecture: Architecture = .bert, in folder: URL, seed: UInt64 = 1, encoding: Encoding = .float32,
        shards: Int = 1, vocabularyFile: Bool = false, isWide: Bool = false,
        edit: (inout [String: Any]) -> Void = { _ in }
    ) throws {
        self.architecture = architecture
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (width, inner) = isWide ? (64, 192) : (Self.width, Self.inner)
        var configuration = Self.configuration(architecture, width: width, inner: inner)
        edit(&configuration)
        try write(JSONSerialization.data(withJSONObject: configuration, options: .sortedKeys), "config.json")
        if vocabularyFile {
            try write(Data((Self.vocabulary.joined(separator: "\n") + "\n").utf8), "vocab.txt")
        } else {
            try write(JSONSerialization.data(withJSONObject: Self.tokenizer, options: .sortedKeys), "tokenizer.json")
        }
        let weights = Self.weights(architecture, width: width, inner: inner, seed: seed)
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

    private static func configuration(_ architecture: Architecture, width: Int, inner: Int) -> [String: Any] {
        var configuration: [String: Any] = [
            "architectures": [architecture.rawValue], "vocab_size": vocabulary.count,
            "max_position_embeddings": positions,
        ]
        if architecture == .distilbert {
            let own: [String: Any] = [
                "model_type": "distilbert", "activation": "gelu", "dim": width, "hidden_dim": inner, "n_heads": heads,
                "n_layers": layers,
            ]
            configuration.merge(own) { $1 }
        } else {
            let own: [String: Any] = [
                "model_type": "bert", "hidden_act": "gelu", "hidden_size": width, "intermediate_size": inner,
                "num_attention_heads": heads, "num_hidden_layers": layers, "layer_norm_eps": 1e-12,
                "type_vocab_size": 2, "position_embedding_type": "absolute",
            ]
            configuration.merge(own) { $1 }
        }
        if architecture != .encoder {
            configuration["id2label"] = Dictionary(
                uniqueKeysWithValues: labels.enumerated().map { ("\($0)", $1) })
        }
        return configuration
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

    /// Every weight in the order in which the generator draws it: norms around 1 and 0, the rest around 0.
    static func weights(
        _ architecture: Architecture, width: Int = width, inner: Int = inner, seed: UInt64
    ) -> [Weight] {
        var random = Seeded(seed)
        var weights: [Weight] = []
        func add(_ name: String, _ shape: [Int], _ amplitude: Float = 0.25, around centre: Float = 0) {
            let values = random.floats(shape.reduce(1, *), amplitude).map { $0 + centre }
            weights.append(Weight(name: name, shape: shape, values: values))
        }
        func addNorm(_ name: String) {
            add("\(name).weight", [width], 0.5, around: 1)
            add("\(name).bias", [width], 0.5)
        }
        func addLinear(_ name: String, _ inputs: Int, _ outputs: Int) {
            add("\(name).weight", [outputs, inputs])
            add("\(name).bias", [outputs])
        }
        let root = architecture == .bert ? "bert." : architecture == .distilbert ? "distilbert." : ""
        add("\(root)embeddings.word_embeddings.weight", [vocabulary.count, width], 1)
        add("\(root)embeddings.position_embeddings.weight", [positions, width], 1)
        if architecture != .distilbert { add("\(root)embeddings.token_type_embeddings.weight", [2, width], 1) }
        addNorm("\(root)embeddings.LayerNorm")
        for index in 0..<layers {
            let layer =
                architecture == .distilbert ? "\(root)transformer.layer.\(index)." : "\(root)encoder.layer.\(index)."
            let isDistilled = architecture == .distilbert
            for (bert, distilbert) in [
                ("attention.self.query", "attention.q_lin"), ("attention.self.key", "attention.k_lin"),
                ("attention.self.value", "attention.v_lin"), ("attention.output.dense", "attention.out_lin"),
            ] {
                addLinear(layer + (isDistilled ? distilbert : bert), width, width)
            }
            addNorm(layer + (isDistilled ? "sa_layer_norm" : "attention.output.LayerNorm"))
            addLinear(layer + (isDistilled ? "ffn.lin1" : "intermediate.dense"), width, inner)
            addLinear(layer + (isDistilled ? "ffn.lin2" : "output.dense"), inner, width)
            addNorm(layer + (isDistilled ? "output_layer_norm" : "output.LayerNorm"))
        }
        if architecture != .encoder {
            addLinear(architecture == .distilbert ? "pre_classifier" : "bert.pooler.dense", width, width)
            addLinear("classifier", width, labels.count)
        }
        return weights
    }

    struct Weight {
        var name: String
        var shape: [Int]
        var values: [Float]
    }

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

    /// A float16 of a normal number, its fraction cut off.
    private func half(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        let exponent = Int(bits >> 23 & 0xFF) - 112
        guard exponent > 0 else { return UInt16(bits >> 16 & 0x8000) }
        return UInt16(bits >> 16 & 0x8000) | UInt16(exponent << 10) | UInt16(bits >> 13 & 0x3FF)
    }
}

extension TinyCheckpoint {
    /// All numbers of the checkpoint.
    public static func weightCount(_ architecture: Architecture) -> Int {
        weights(architecture, seed: 1).reduce(0) { $0 + $1.values.count }
    }
}
