import ModelFile
import Text

/// The family of transformers with a classification head, such as classifiers of BERT and RoBERTa.
struct TransformerClassifier: Family {
    let pipeline: TextPipeline
    let tokenizer: Tokenizer
    let transformer: Transformer
    let head: Head

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        pipeline = try card.pipeline(of: file)
        let schema = try TransformerSchema(file, card)
        guard let head = try Head(file, schema) else { throw .noLabels(path: file.path) }
        self.head = head
        tokenizer = try Tokenizer(file)
        transformer = try Transformer(file, schema, tokenizer)
    }

    func makeBuffers(_ options: WorkerOptions) -> Workspace { Workspace(transformer.schema, options) }

    func team(of workspace: Workspace) -> Team? { workspace.team }

    func score(_ texts: [String], in workspace: Workspace, threads: Int) -> [FamilyOutput] {
        var results: [FamilyOutput] = []
        results.reserveCapacity(texts.count)
        let limit = transformer.schema.maxTokens
        tokenizer.forEachBatch(of: texts, pipeline, limit: limit, capacity: workspace.capacity) { batch, encodings in
            let logits = logits(of: batch, workspace, threads: threads)
            for (row, encoding) in encodings.enumerated() {
                results.append(
                    FamilyOutput(
                        logits: head.values(of: logits, row: row), tokens: encoding.ids.count,
                        isTruncated: encoding.isTruncated,
                        unknown: encoding.ids.count { $0 == tokenizer.unknownToken }))
            }
        }
        return results
    }

    /// Scores a sample whose ids are spread over the whole vocabulary.
    ///
    /// So each token reads another row of the token table, as in real texts, and none is in the cache already.
    func scoreSample(tokens: Int, in workspace: Workspace, threads: Int) -> [Float] {
        precondition((1...transformer.schema.maxTokens).contains(tokens))
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
