import ModelFile
import Text

/// The family of transformers with a classification head, such as BERT and DistilBERT classifiers.
struct TransformerClassifier: Family {
    let tokenizer: Tokenizer
    let transformer: Transformer
    let head: Head

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        let schema = try TransformerSchema(file, card)
        guard let head = try Head(file, schema) else { throw .noLabels(path: file.path) }
        self.head = head
        tokenizer = try Tokenizer(file)
        transformer = try Transformer(file, schema, tokenizer)
    }

    func makeBuffers(_ options: WorkerOptions) -> Workspace { Workspace(transformer.schema, options) }

    func score(_ texts: [String], in workspace: Workspace, threads: Int) -> [Scores] {
        var results: [Scores] = []
        results.reserveCapacity(texts.count)
        let limit = transformer.schema.maxTokens
        tokenizer.forEachBatch(of: texts, limit: limit, capacity: workspace.capacity) { batch, encodings in
            let logits = logits(of: batch, workspace, threads: threads)
            for (row, encoding) in encodings.enumerated() {
                results.append(
                    Scores(
                        logits: head.values(of: logits, row: row), tokens: encoding.ids.count,
                        isTruncated: encoding.isTruncated))
            }
        }
        return results
    }

    /// The sample's ids come from all over the vocabulary, so that no row of the token table is in the cache twice.
    func scoreSample(tokens: Int, in workspace: Workspace, threads: Int) -> [Float] {
        var batch = Batch()
        batch.append((0..<tokens).map { Int32($0 * 7919 % transformer.schema.vocabulary) })
        return head.values(of: logits(of: batch, workspace, threads: threads), row: 0)
    }

    /// The logits of each text, (texts, labels).
    ///
    /// They are valid until the next pass.
    func logits(of batch: Batch, _ workspace: Workspace, threads: Int) -> Matrix {
        transformer.pool(batch, threads: threads, workspace)
        return head.logits(of: batch.texts, threads: threads, workspace)
    }
}
