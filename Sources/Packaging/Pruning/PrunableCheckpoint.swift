import Files
import Foundation
internal import JSON

/// A checkpoint of Hugging Face from which word pieces can be left out.
public struct PrunableCheckpoint {
    /// The vocabulary.
    public let vocabulary: PrunableVocabulary
    private let path: String
    private let checkpoint: Checkpoint
    private let tokenizer: WordPieceFiles

    /// The files that are copied as they are.
    private static let copied = [
        "special_tokens_map.json", "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json",
        "1_Pooling/config.json", "README.md",
    ]

    /// The tensors with a row for each word piece, by the ends of their names: embeddings, and heads of language models.
    private static let tables = [
        "embeddings.word_embeddings.weight", "cls.predictions.decoder.weight", "cls.predictions.decoder.bias",
        "cls.predictions.bias", "vocab_projector.weight", "vocab_projector.bias",
    ]

    /// Opens a checkpoint.
    ///
    /// - Parameter path: The folder.
    /// - Throws: `PackagingError` if a file is missing or not valid, or the architecture is not supported.
    public init(path: String) throws {
        self.path = path
        checkpoint = try Checkpoint(path: path, isBase: true)
        tokenizer = try TokenizerFiles.readWordPiece(folder: path, as: "the tokenizer of a checkpoint that is pruned")
        guard tokenizer.tokens.count <= checkpoint.configuration.vocabulary else {
            throw PackagingError.malformed(
                path: tokenizer.path,
                reason:
                    "has \(tokenizer.tokens.count) tokens, but config.json has \(checkpoint.configuration.vocabulary)")
        }
        vocabulary = PrunableVocabulary(tokenizer)
    }

    /// Writes the checkpoint with some of its word pieces, with weights in float32.
    ///
    /// - Parameters:
    ///   - kept: The ids of the pieces that stay, ascending.
    ///   - folder: The folder, which is created if there is none.
    /// - Returns: The sizes before and after.
    /// - Throws: `PackagingError` if a file of the checkpoint cannot be read, and `FileError` if one cannot be written.
    public func prune(to kept: [Int], into folder: String) throws -> PruningReport {
        try createFolder(folder)
        let numbers = RenumberedTokens(kept: kept)
        for (name, change) in [
            ("config.json", numbers.configuration), ("tokenizer.json", numbers.tokenizer),
            ("tokenizer_config.json", numbers.settings),
        ] where CheckpointFile.exists("\(path)/\(name)") {
            var writer = JSONWriter()
            writer.value(change(try JSONFile(path: "\(path)/\(name)").object))
            try CheckpointFile.write(writer.bytes + [UInt8(ascii: "\n")], to: "\(folder)/\(name)")
        }
        if CheckpointFile.exists("\(path)/vocab.txt") {
            let lines = kept.map { tokenizer.tokens[$0] + "\n" }.joined()
            try CheckpointFile.write(Array(lines.utf8), to: "\(folder)/vocab.txt")
        }
        for name in Self.copied { try CheckpointFile.copy(name, from: path, to: folder) }
        return try writeWeights(kept, to: "\(folder)/model.safetensors")
    }

    private func writeWeights(_ kept: [Int], to output: String) throws -> PruningReport {
        let (rows, width) = (checkpoint.configuration.vocabulary, checkpoint.configuration.width)
        var tensors: [Safetensors.NewTensor] = []
        var (before, after) = (0, 0)
        // Integers are positions, which Transformers numbers again.
        for name in checkpoint.floatNames {
            guard let shape = checkpoint.shape(of: name) else { continue }
            var values = try checkpoint.floats(name, shape: shape)
            before += 4 * values.count
            var newShape = shape
            if shape.first == rows, Self.tables.contains(where: name.hasSuffix) {
                let size = values.count / rows
                values = kept.flatMap { values[$0 * size..<($0 + 1) * size] }
                newShape[0] = kept.count
            }
            after += 4 * values.count
            tensors.append(.init(name, shape: newShape, values[...]))
        }
        try Safetensors.write(to: output, metadata: [("format", "pt")], tensors: tensors)
        return PruningReport(
            before: .init(pieces: vocabulary.count, embeddings: 4 * rows * width, bytes: before),
            after: .init(
                pieces: kept.count, embeddings: 4 * kept.count * width,
                bytes: after))
    }
}
