import ModelFile
import Text

/// The family of bags of vectors: a text is the mean of the vectors of its n-grams, which a linear layer reads.
///
/// An n-gram without a vector is left out. The mean of a text without any vectors is zero.
struct VectorsClassifier: Family {
    let schema: VectorsSchema
    let features: NgramFeatures
    let tables: [EmbeddingTable]
    let weights: Tensor
    let bias: Tensor

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        let pipeline = try card.pipeline(of: file)
        schema = try VectorsSchema(file, card)
        features = try NgramFeatures(file, pipeline, blocks: schema.blocks, schema.tables.map(\.table))
        var tables: [EmbeddingTable] = []
        for table in schema.tables { tables.append(try EmbeddingTable(file, table)) }
        self.tables = tables
        weights = try file.tensor(schema.weight)
        bias = try file.tensor(schema.bias)
    }

    /// The memory that the scoring of one text writes to.
    final class Buffers {
        let ngrams = NgramFeatures.Buffers()
        /// The mean of the vectors of the text that was scored last.
        var mean: [Float] = []
        /// What the sum of these vectors was multiplied by.
        var factor: Float = 0
    }

    func makeBuffers(_ options: WorkerOptions) -> Buffers { Buffers() }

    func score(_ texts: [String], in buffers: Buffers, threads: Int) -> [FamilyOutput] {
        texts.map { score($0, buffers) }
    }

    func scoreSample(tokens: Int, in buffers: Buffers, threads: Int) -> [Float] {
        score(NgramFeatures.sample(words: tokens), buffers).logits
    }

    func score(_ text: String, _ buffers: Buffers) -> FamilyOutput {
        features.scan(text, buffers.ngrams)
        let known = average(buffers)
        var logits = Array(bias.elements(as: Float.self))
        let weights = weights.elements(as: Float.self)
        for output in logits.indices {
            for index in buffers.mean.indices {
                logits[output] += weights[output * schema.width + index] * buffers.mean[index]
            }
        }
        return FamilyOutput(
            logits: logits.count == 1 ? [0, logits[0]] : logits, tokens: buffers.ngrams.tokens, isTruncated: false,
            unknown: buffers.ngrams.tokens - known)
    }

    /// Computes the mean of the vectors of the text that was scanned last.
    ///
    /// - Returns: The number of n-grams of the first block that have a vector.
    private func average(_ buffers: Buffers) -> Int {
        buffers.mean.removeAll(keepingCapacity: true)
        for _ in 0..<schema.width { buffers.mean.append(0) }
        var (all, first) = (0, 0)
        buffers.mean.withUnsafeMutableBufferPointer { sum in
            for (block, table) in tables.enumerated() {
                features.count(block, buffers.ngrams)
                all += buffers.ngrams.counts.known
                if block == 0 { first = all }
                let rows = table.lookup
                buffers.ngrams.counts.forEach { row, count in rows.add(row, times: Float(count), to: sum) }
            }
        }
        buffers.factor = all > 0 ? 1 / Float(all) : 0
        if schema.norm == .euclidean {
            let length = buffers.mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
            buffers.factor = length > 0 ? 1 / length : 0
        }
        for index in buffers.mean.indices { buffers.mean[index] *= buffers.factor }
        return first
    }
}
