public import ModelFile
import Text

extension ModelFile {
    /// Writes the model with some of its word pieces.
    ///
    /// All other weights stay the same, so the answer to a text that uses only these pieces has the same bits.
    ///
    /// - Parameters:
    ///   - kept: The ids of the pieces that stay, ascending.
    ///   - vocabulary: The vocabulary of this file.
    ///   - path: The model file to create or replace.
    /// - Returns: The sizes before and after.
    /// - Throws: `ModelFileError` if a tensor is missing or not valid, and `FileError` if the file cannot be written.
    public func prune(
        to kept: [Int], of vocabulary: PrunableVocabulary, into path: String
    ) throws -> PruningReport {
        var schema = try TransformerSchema(self, ModelCard(self))
        var tokenizer = try TokenizerSchema(metadata)
        let old = schema
        (schema.vocabulary, tokenizer.vocabulary) = (kept.count, kept.count)
        let trie = Trie.build(kept.map { vocabulary.tokens[$0] })
        let rows = [old.tokens] + (old.precision == .float32 ? [] : [old.tokenScales])
        var changed: [String: NewTensor] = [
            TokenizerSchema.trie: NewTensor(
                TensorSchema(TokenizerSchema.trie, .int32, [trie.count / Trie.nodeWidth, Trie.nodeWidth])
            ) { littleEndianBytes(trie) }
        ]
        for table in rows {
            let tensor = try self.tensor(table)
            let size = table.byteCount / old.vocabulary
            let shape = [kept.count] + table.shape.dropFirst()
            changed[table.name] = NewTensor(TensorSchema(table.name, table.type, shape)) {
                kept.flatMap { id in tensor.bytes[id * size..<(id + 1) * size] }
            }
        }
        let before = PruningReport.Size(
            pieces: vocabulary.count, embeddings: rows.reduce(0) { $0 + $1.byteCount }, bytes: withBytes(\.count))
        try rewrite(
            adding: schema.entries + tokenizer.entries, tensors: copies().map { changed[$0.schema.name] ?? $0 },
            to: path, hash: sha256)
        return PruningReport(
            before: before,
            after: .init(
                pieces: kept.count, embeddings: before.embeddings / old.vocabulary * kept.count,
                bytes: try ModelFile(path: path).withBytes(\.count)))
    }
}
