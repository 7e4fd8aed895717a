import ModelFile
import Text

/// The family of lexicons: words with valences, and rules that change them.
struct LexiconClassifier: Family {
    private let pipeline: TextPipeline
    let schema: LexiconSchema
    private let table: NgramTable
    private let valences: Tensor
    private let scales: Tensor
    let weights: Tensor
    let bias: Tensor

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        pipeline = try card.pipeline(of: file)
        schema = try LexiconSchema(file, card)
        table = try NgramTable(file, schema.table)
        valences = try file.tensor(schema.valence)
        scales = try file.tensor(schema.scale)
        weights = try file.tensor(schema.weight)
        bias = try file.tensor(schema.bias)
    }

    /// The memory that the scoring of one text writes to.
    final class Buffers {
        var text = TextBuffer()
        var words = LexiconText()
        /// The position of each word in the lexicon, or -1.
        var entries: [Int] = []
    }

    func makeBuffers(_ options: WorkerOptions) -> Buffers { Buffers() }

    func score(_ texts: [String], in buffers: Buffers, threads: Int) -> [FamilyOutput] {
        texts.map { score($0, buffers) }
    }

    func scoreSample(tokens: Int, in buffers: Buffers, threads: Int) -> [Float] {
        score(NgramFeatures.sample(words: tokens), buffers).logits
    }

    func score(_ text: String, _ buffers: Buffers) -> FamilyOutput {
        buffers.text.load(text)
        pipeline.apply(to: &buffers.text)
        buffers.words.scan(buffers.text)
        let find = table.lookup
        buffers.entries.removeAll(keepingCapacity: true)
        for word in buffers.words.words { buffers.entries.append(find(word.hash)) }
        var logits = Array(bias.elements(as: Float.self))
        let weights = weights.elements(as: Float.self)
        for input in 0..<schema.outputs {
            let compound = buffers.words.compound { valence(of: $0, input, buffers) }
            for output in logits.indices { logits[output] += compound * weights[input * schema.outputs + output] }
        }
        return FamilyOutput(
            logits: logits.count == 1 ? [0, logits[0]] : logits, tokens: buffers.entries.count, isTruncated: false,
            unknown: buffers.entries.count { $0 < 0 })
    }

    /// The valence in the lexicon of a word of the text that was scored last, or 0.
    func valence(of index: Int, _ output: Int, _ buffers: Buffers) -> Float {
        let entry = buffers.entries[index]
        guard entry >= 0 else { return 0 }
        return Float(valences.elements(as: Int8.self)[entry * schema.outputs + output])
            * scales.elements(as: Float.self)[output]
    }
}
