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
    }

    func makeBuffers(_ options: WorkerOptions) -> Buffers { Buffers() }

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
            for view in views where view.schema.block == block {
                add(view, tables[block], buffers.counts, to: &outputs)
            }
        }
        return FamilyOutput(
            logits: outputs.count == 1 ? [0, outputs[0]] : outputs, tokens: buffers.ngrams.occurrences[0].count,
            isTruncated: false)
    }

    /// Counts the features of a block in the text that was scanned last.
    func count(_ block: Int, _ buffers: Buffers) {
        buffers.counts.count(buffers.ngrams.occurrences[block], in: tables[block])
    }

    /// Calls `body` with each feature that was counted last, and the number that a view makes of its count.
    @inline(__always)
    private func forEachValue(
        _ view: View, _ table: NgramTable, _ counts: FeatureCounts, _ body: (_ feature: Int, _ value: Float) -> Void
    ) {
        let (frequency, schema) = (table.frequency, view.schema)
        counts.forEach { feature, count in
            var value: Float
            switch schema.counting {
            case .count: value = Float(count)
            case .sublinear: value = count == 1 ? 1 : 1 + logf(Float(count))
            case .binary: value = 1
            }
            if schema.usesFrequency { value *= frequency(feature) }
            body(feature, value)
        }
    }

    /// The features that were counted last, and the numbers that a view makes of their counts.
    func values(_ view: View, _ table: NgramTable, _ counts: FeatureCounts) -> [(feature: Int, value: Float)] {
        var values: [(feature: Int, value: Float)] = []
        forEachValue(view, table, counts) { values.append(($0, $1)) }
        return values
    }

    /// The factor that scales the numbers of a text with a sum of squares, if the view does that.
    func factor(_ view: View, squares: Float) -> Float {
        view.schema.normalizes && squares > 0 ? 1 / squares.squareRoot() : 1
    }

    /// Adds the products of a view to the outputs.
    private func add(_ view: View, _ table: NgramTable, _ counts: FeatureCounts, to outputs: inout [Float]) {
        let weights = view.weights.elements(as: Int8.self)
        let scales = view.scales.elements(as: Float.self)
        let count = outputs.count
        var squares: Float = 0
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { sums in
            sums.initialize(repeating: 0)
            forEachValue(view, table, counts) { feature, value in
                squares += value * value
                for output in 0..<count { sums[output] += value * Float(weights[feature * count + output]) }
            }
            let factor = factor(view, squares: squares)
            for output in 0..<count { outputs[output] += sums[output] * factor * scales[output] }
        }
    }
}
