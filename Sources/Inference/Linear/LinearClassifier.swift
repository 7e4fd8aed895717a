import Glibc
import ModelFile
import Text

/// The family of linear models over n-grams of words and characters.
struct LinearClassifier: Family {
    private let pipeline: TextPipeline
    let schema: LinearModelSchema
    private let scanner: NgramScanner
    let tables: [NgramTable]
    let views: [View]
    let bias: Tensor

    /// The weights of a view.
    struct View {
        let schema: LinearModelSchema.View
        let weights: Tensor
        let scales: Tensor
    }

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        pipeline = try card.pipeline(of: file)
        let schema = try LinearModelSchema(file, card)
        var blocks: [NgramBlock] = []
        for text in schema.blocks {
            guard let block = NgramBlock(text) else {
                throw .invalid(path: file.path, reason: "this build does not know the n-grams '\(text)'")
            }
            blocks.append(block)
        }
        var tables: [NgramTable] = []
        for block in blocks.indices { tables.append(try NgramTable(file, schema, block: block)) }
        var views: [View] = []
        for (index, view) in schema.views.enumerated() {
            views.append(
                View(
                    schema: view, weights: try file.tensor(schema.weight(index)),
                    scales: try file.tensor(schema.scale(index))))
        }
        bias = try file.tensor(schema.bias)
        scanner = NgramScanner(blocks)
        self.schema = schema
        self.tables = tables
        self.views = views
    }

    /// The memory that the scoring of one text writes to.
    final class Buffers {
        var text = TextBuffer()
        var ngrams = NgramScanner.Text()
        var counts = FeatureCounts()
        var sums: [Float]
        init(outputs: Int) { sums = Array(repeating: 0, count: outputs) }
    }

    func makeBuffers(_ options: WorkerOptions) -> Buffers { Buffers(outputs: schema.outputs) }

    func score(_ texts: [String], in buffers: Buffers, threads: Int) -> [FamilyOutput] {
        texts.map { score($0, buffers) }
    }

    func scoreSample(tokens: Int, in buffers: Buffers, threads: Int) -> [Float] {
        let words = (0..<tokens).map { "w\($0 * 7919 % 1000)" }
        return score(words.joined(separator: " "), buffers).logits
    }

    func score(_ text: String, _ buffers: Buffers) -> FamilyOutput {
        buffers.text.load(text)
        pipeline.apply(to: &buffers.text)
        scanner.scan(buffers.text, into: &buffers.ngrams)
        var outputs = Array(bias.elements(as: Float.self))
        for block in tables.indices {
            count(block, buffers)
            for view in views where view.schema.block == block { add(view, tables[block], buffers, to: &outputs) }
        }
        return FamilyOutput(
            logits: outputs.count == 1 ? [0, outputs[0]] : outputs, tokens: buffers.ngrams.occurrences[0].count,
            isTruncated: false)
    }

    /// Counts the features of a block in the text that was scanned last.
    func count(_ block: Int, _ buffers: Buffers) {
        buffers.counts.reset(capacity: buffers.ngrams.occurrences[block].count)
        tables[block].withLookup { find in
            for occurrence in buffers.ngrams.occurrences[block] {
                let feature = find(occurrence.hash)
                if feature >= 0 { buffers.counts.add(feature) }
            }
        }
    }

    /// The number that a view makes of a count.
    @inline(__always)
    private func value(_ view: View, _ table: NgramTable, _ feature: Int, _ occurrences: Int) -> Float {
        let value: Float
        switch view.schema.counting {
        case .count: value = Float(occurrences)
        case .sublinear: value = occurrences == 1 ? 1 : 1 + logf(Float(occurrences))
        case .binary: value = 1
        }
        return view.schema.usesFrequency ? value * table.frequency(feature) : value
    }

    /// The features that were counted last, and the number that a view makes of each count.
    func values(_ view: View, _ table: NgramTable, _ buffers: Buffers) -> [(feature: Int, value: Float)] {
        var values: [(feature: Int, value: Float)] = []
        buffers.counts.forEach { values.append(($0, value(view, table, $0, $1))) }
        return values
    }

    /// The factor that scales the values of a text, if the view does that.
    func factor(_ view: View, _ values: [Float]) -> Float {
        factor(view, squares: values.reduce(0) { $0 + $1 * $1 })
    }

    private func factor(_ view: View, squares: Float) -> Float {
        view.schema.normalizes && squares > 0 ? 1 / squares.squareRoot() : 1
    }

    /// Adds the products of a view to the outputs.
    private func add(_ view: View, _ table: NgramTable, _ buffers: Buffers, to outputs: inout [Float]) {
        let weights = view.weights.elements(as: Int8.self)
        let count = schema.outputs
        for output in 0..<count { buffers.sums[output] = 0 }
        var squares: Float = 0
        buffers.counts.forEach { feature, occurrences in
            let value = value(view, table, feature, occurrences)
            squares += value * value
            for output in 0..<count { buffers.sums[output] += value * Float(weights[feature * count + output]) }
        }
        let factor = factor(view, squares: squares)
        let scales = view.scales.elements(as: Float.self)
        for output in 0..<count { outputs[output] += buffers.sums[output] * factor * scales[output] }
    }
}
