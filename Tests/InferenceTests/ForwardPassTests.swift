import Fixtures
import Foundation
import ModelFile
import Packaging
import Testing
import Text

@testable import Inference

/// Compares every intermediate tensor with the reference implementation.
///
/// make_goldens.py made the goldens.
@Suite struct ForwardPassTests {
    private struct GoldenTensors: Decodable {
        var ids: [Int32]
        var tensors: [String: [Float]]
    }

    /// The intermediate results of a pass, as rows without padding.
    private func observe(_ file: ModelFile, _ ids: [Int32]) throws -> [String: [Float]] {
        let transformer = try SentenceEncoder(file).transformer
        let workspace = Workspace(transformer.schema, WorkerOptions(instructionSet: .best))
        var batch = Batch()
        batch.append(ids)
        var seen: [String: [Float]] = [:]
        transformer.pool(batch, threads: 1, workspace, lastLayer: .allRows) { name, values, rows, width in
            seen[name] = (0..<rows).flatMap { row in (0..<width).map { values.start[row * values.stride + $0] } }
        }
        for layer in 0..<transformer.schema.layers {
            let (query, key) = (seen["query.\(layer)"] ?? [], seen["key.\(layer)"] ?? [])
            seen["attention.\(layer)"] = attention(
                query, key, tokens: ids.count, transformer.schema,
                biases: try transformer.schema.distanceBiases.map {
                    Array(try file.tensor($0).elements(as: Float.self))
                })
        }
        if let head = try Head(file, transformer.schema) {
            withExtendedLifetime(workspace) {
                seen["logits"] = head.values(of: head.logits(of: 1, threads: 1, workspace), row: 0)
            }
        } else {
            let pooled = (0..<transformer.schema.width).map { workspace.pooled.start[$0] }
            let length = pooled.reduce(0) { $0 + $1 * $1 }.squareRoot()
            seen["embedding"] = pooled.map { $0 / length }
        }
        return seen
    }

    /// The softmax over keys, (heads, tokens, tokens), which the kernel does not store.
    private func attention(
        _ query: [Float], _ key: [Float], tokens: Int, _ schema: TransformerSchema, biases: [Float]?
    ) -> [Float] {
        let (width, heads, positions) = (schema.width, schema.heads, schema.maxTokens)
        let headDim = width / heads
        var out: [Float] = []
        for head in 0..<heads {
            for t in 0..<tokens {
                let logits = (0..<tokens).map { s in
                    (0..<headDim).reduce(Float(0)) {
                        $0 + query[t * width + head * headDim + $1] * key[s * width + head * headDim + $1]
                    } / Float(headDim).squareRoot()
                        + (biases?[head * (2 * positions - 1) + positions - 1 + s - t] ?? 0)
                }
                let powers = logits.map { exp($0 - (logits.max() ?? 0)) }
                out += powers.map { $0 / powers.reduce(0, +) }
            }
        }
        return out
    }

    private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
        a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
    }

    @Test(arguments: TinyCheckpoint.Architecture.allCases)
    func everyIntermediateTensorMatchesTheReference(architecture: TinyCheckpoint.Architecture) throws {
        let goldens = Workplace.repository.appendingPathComponent("Tests/InferenceTests/Goldens/\(architecture).json")
        let golden = try JSONDecoder().decode(GoldenTensors.self, from: Data(contentsOf: goldens))
        let exact = try observe(TinyModel.pack(architecture, .float32), golden.ids)
        let quantized = try observe(TinyModel.pack(architecture), golden.ids)
        #expect(golden.tensors.count >= 12)
        for (name, expected) in golden.tensors {
            // The orders of summation in float32 differ, and the values are about 1.
            #expect(largestDifference(exact[name] ?? [], expected) < 2e-5, "\(name) in float32")
            // A step of an activation is 1/254 of its row's range, which is about 4. The errors of two layers add up.
            #expect(largestDifference(quantized[name] ?? [], expected) < 0.2, "\(name) in int8")
            let mean = zip(quantized[name] ?? [], expected).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(expected.count)
            #expect(mean < 0.03, "\(name) in int8, on average")
        }
    }

    @Test(
        .enabled(if: Workplace.hasShared && Workplace.hasBinaries, "needs the real checkpoints and the binaries"),
        arguments: ["minilm-sentiment140", "minilm-airline"])
    func everyIntermediateTensorOfARealTweetMatchesTheReference(model: String) throws {
        let trace = try Safetensors(
            path: Workplace.shared.appendingPathComponent("reference/goldens/\(model)-trace.safetensors").path)
        let ids = try trace.floats("ids").map { Int32($0) }
        try Workplace.withFolder { folder in
            let seen = try ["32", "8"].map { bits in
                let file = folder.appendingPathComponent("\(bits).gguf").path
                let checkpoint = Workplace.shared.appendingPathComponent("models/\(model)").path
                let result = try Program.run(
                    Workplace.binary("pinson"), ["pack", checkpoint, "-o", file, "--bits", bits])
                #expect(result.status == 0, "\(result.error)")
                return try observe(ModelFile(path: file), ids)
            }
            for name in trace.names where name != "ids" {
                let expected = try trace.floats(name)
                #expect(largestDifference(seen[0][name] ?? [], expected) < 5e-4, "\(name) in float32")
                let mean =
                    zip(seen[1][name] ?? [], expected).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(expected.count)
                #expect(seen[1][name]?.count == expected.count && mean < 0.05, "\(name) in int8, on average")
            }
        }
    }

    @Test func computingOnlyThePooledRowsOfTheLastLayerGivesTheSameBits() throws {
        let encoder = try SentenceEncoder(TinyModel.pack())
        let transformer = encoder.transformer
        let workspace = Workspace(transformer.schema, WorkerOptions(tokens: 512, instructionSet: .best))
        var batch = Batch()
        for text in TinyModel.texts(5) {
            batch.append(encoder.tokenizer.encode(text, limit: encoder.card.maxTokens).ids)
        }
        transformer.pool(batch, threads: 1, workspace)
        let short = (0..<5).flatMap { row in (0..<40).map { workspace.pooled.from(row: row).start[$0] } }
        transformer.pool(batch, threads: 1, workspace, lastLayer: .allRows)
        let whole = (0..<5).flatMap { row in (0..<40).map { workspace.pooled.from(row: row).start[$0] } }
        #expect(short == whole)
    }
}
