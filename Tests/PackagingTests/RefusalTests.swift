import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Packaging

/// Checkpoints that cannot be packed, and the error for each.
@Suite struct RefusalTests {
    struct Refusal: CustomTestStringConvertible, Sendable {
        var message: String
        var architecture = TinyCheckpoint.Architecture.bert
        var maxTokens = 32
        var edit: @Sendable (inout [String: Any]) -> Void = { _ in }
        var spoil: @Sendable (URL) throws -> Void = { _ in }

        var testDescription: String { message }
    }

    /// Changes a JSON file of a checkpoint.
    static func edit(_ folder: URL, _ name: String, _ change: (inout [String: Any]) -> Void) throws {
        let file = folder.appendingPathComponent(name)
        var object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
        change(&object)
        try JSONSerialization.data(withJSONObject: object).write(to: file)
    }

    private static func set(_ file: String, _ key: String, _ json: String) -> @Sendable (URL) throws -> Void {
        { folder in
            let value = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
            try edit(folder, file) { $0[key] = value }
        }
    }

    /// A tokenizer with these tokens and no others.
    private static func setVocabulary(_ json: String) -> @Sendable (URL) throws -> Void {
        { folder in
            try set("tokenizer.json", "model", "{\"type\":\"WordPiece\",\"vocab\":\(json)}")(folder)
            try set("tokenizer.json", "added_tokens", "[]")(folder)
        }
    }

    static let refusals: [Refusal] = [
        Refusal(
            message:
                #""architectures" is 'ModernBertForSequenceClassification', which Pinson cannot pack. Supported: BertFor"#
        ) { $0["architectures"] = ["ModernBertForSequenceClassification"] },
        Refusal(message: #""architectures" is 'missing'"#) { $0["architectures"] = nil },
        Refusal(message: #""hidden_act" is 'swish', which Pinson cannot pack. Supported: gelu, gelu_fast, gelu_new"#) {
            $0["hidden_act"] = "swish"
        },
        Refusal(
            message: #""activation" is 'silu', which Pinson cannot pack. Supported: gelu"#, architecture: .distilbert
        ) {
            $0["activation"] = "silu"
        },
        Refusal(message: #""position_embedding_type" is 'relative_key', which Pinson cannot pack. Supported: absolute"#)
        {
            $0["position_embedding_type"] = "relative_key"
        },
        Refusal(message: #""problem_type" is 'regression'"#) { $0["problem_type"] = "regression" },
        Refusal(message: #""quantization_config" is present"#) { $0["quantization_config"] = ["bits": 4] },
        Refusal(message: #"has no value for "hidden_size", expected an integer"#) { $0["hidden_size"] = nil },
        Refusal(message: "has the width 40, which is not a multiple of its 7 heads") { $0["num_attention_heads"] = 7 },
        Refusal(message: "the number of layers is 1000, which Pinson cannot pack. Supported: 1 to 256") {
            $0["num_hidden_layers"] = 1000
        },
        Refusal(message: #"has the ids ["0"] in "id2label""#) { $0["id2label"] = ["0": "x"] },
        Refusal(message: #"has the ids ["0", "2"] in "id2label""#) { $0["id2label"] = ["0": "x", "2": "y"] },
        Refusal(message: #"has an "id2label" that is not an object"#) { $0["id2label"] = ["x", "y"] },
        Refusal(message: #""num_labels" is '1', which Pinson cannot pack. Supported: 2 to 65536"#) {
            $0["id2label"] = nil
            $0["num_labels"] = 1
        },
        Refusal(message: "'classifier.weight' has the shape (3, 40), but config.json requires (2, 40)") {
            $0["id2label"] = nil
        },
        Refusal(message: "does not have the tensor 'bert.encoder.layer.2.attention.self.query.weight'") {
            $0["num_hidden_layers"] = 3
        },
        Refusal(
            message:
                "'bert.encoder.layer.0.intermediate.dense.weight' has the shape (72, 40), but config.json requires (80, 40)"
        ) { $0["intermediate_size"] = 80 },
        Refusal(message: "the tensor 'classifier.weight' has the shape (3, 40), but config.json requires (2, 40)") {
            $0["id2label"] = ["0": "x", "1": "y"]
        },
        Refusal(message: "the model has 64 positions, so '--max-tokens' cannot be 65", maxTokens: 65),
        Refusal(
            message: "config.json: cannot be read",
            spoil: { try FileManager.default.removeItem(at: $0.appendingPathComponent("config.json")) }),
        Refusal(
            message: "config.json: is not valid JSON",
            spoil: { try Data("{".utf8).write(to: $0.appendingPathComponent("config.json")) }),
        Refusal(
            message: "contains no tokenizer.json, and no older files of a tokenizer",
            spoil: { try FileManager.default.removeItem(at: $0.appendingPathComponent("tokenizer.json")) }),
        Refusal(
            message: "does not contain model.safetensors",
            spoil: { try FileManager.default.removeItem(at: $0.appendingPathComponent("model.safetensors")) }),
        Refusal(
            message: "pytorch_model.bin: is not a zip archive, or is cut off. Load the model in Python",
            spoil: {
                try FileManager.default.moveItem(
                    at: $0.appendingPathComponent("model.safetensors"),
                    to: $0.appendingPathComponent("pytorch_model.bin"))
            }),
        Refusal(
            message:
                #"the type of "model" is 'WordLevel', which Pinson cannot pack. Supported: WordPiece, BPE, Unigram"#,
            spoil: set("tokenizer.json", "model", #"{"type":"WordLevel"}"#)),
        Refusal(
            message: #"the type of "normalizer" is 'NFC', which Pinson cannot pack. Supported: BertNormalizer"#,
            spoil: set("tokenizer.json", "normalizer", #"{"type":"NFC"}"#)),
        Refusal(
            message: #"the type of "pre_tokenizer" is 'missing'"#, spoil: set("tokenizer.json", "pre_tokenizer", "null")
        ),
        Refusal(
            message: "which is not in the folder of the checkpoint",
            spoil: { folder in
                try FileManager.default.removeItem(at: folder.appendingPathComponent("model.safetensors"))
                // A combining mark after the slash forms one character with it.
                let index = #"{"weight_map":{"a":"../\u0301x.safetensors"}}"#
                try Data(index.utf8).write(to: folder.appendingPathComponent("model.safetensors.index.json"))
            }),
        Refusal(
            message: "the added token '[URL]' is not special",
            spoil: set("tokenizer.json", "added_tokens", #"[{"id":75,"content":"[URL]","special":false}]"#)),
        Refusal(message: "does not have the token '[CLS]' in its vocabulary", spoil: setVocabulary(##"{"[UNK]":0}"##)),
        Refusal(message: "ids must run from 0 without a gap", spoil: setVocabulary(##"{"[UNK]":90}"##)),
        Refusal(message: "has 75 tokens, but config.json has 74") { $0["vocab_size"] = 74 },
    ]

    @Test(arguments: refusals)
    func aCheckpointThatCannotBePackedIsRefusedWithTheReason(_ refusal: Refusal) throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(
                refusal.architecture, in: folder.appendingPathComponent("tiny"), edit: refusal.edit)
            try refusal.spoil(checkpoint.folder)
            let output = folder.appendingPathComponent("model.gguf").path
            let error = #expect(throws: PackagingError.self) {
                try Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: refusal.maxTokens))
            }
            #expect(error?.description.contains(refusal.message) == true, "\(error?.description ?? "")")
            #expect(!FileManager.default.fileExists(atPath: output))
        }
    }
}
