import Glibc
import ModelFile
import Text

/// The family of linear models over n-grams of words and characters.
struct LinearClassifier: Family {
    let schema: LinearModelSchema
    let features: NgramFeatures
    let views: [View]
    /// What is counted besides n-grams, and the weights; none if nothing is.
    let counts: [TextCount]
    let countWeights: Tensor?
    let bias: Tensor

    /// The weights of a view, and the frequencies of the features of its block.
    struct View {
        let schema: LinearModelSchema.View
        let weights: Tensor
        let scales: Tensor
        let frequencies: NgramFrequencies
    }

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        let pipeline = try card.pipeline(of: file)
        schema = try LinearModelSchema(file, card)
        features = try NgramFeatures(file, pipeline, blocks: schema.blocks, schema.tables)
        var views: [View] = []
        for (index, view) in schema.views.enumerated() {
            views.append(
                View(
                    schema: view, weights: try file.tensor(schema.weight(index)),
                    scales: try file.tensor(schema.scale(index)),
                    frequencies: try NgramFrequencies(file, schema, block: view.block)))
        }
        var counts: [TextCount] = []
        for name in schema.counts {
            guard let count = TextCount(rawValue: name) else {
                throw .invalid(path: file.path, reason: "this build cannot count '\(name)'")
            }
            counts.append(count)
        }
        countWeights = counts.isEmpty ? nil : try file.tensor(schema.countWeight)
        bias = try file.tensor(schema.bias)
        self.views = views
        self.counts = counts
    }

    func makeBuffers(_ options: WorkerOptions) -> NgramFeatures.Buffers { NgramFeatures.Buffers() }

    func score(_ texts: [String], in buffers: NgramFeatures.Buffers, threads: Int) -> [FamilyOutput] {
        texts.map { score($0, buffers) }
    }

    func scoreSample(tokens: Int, in buffers: NgramFeatures.Buffers, threads: Int) -> [Float] {
        score(NgramFeatures.sample(words: tokens), buffers).logits
    }

    func score(_ text: String, _ buffers: NgramFeatures.Buffers) -> FamilyOutput {
        features.scan(text, buffers)
        var outputs = Array(bias.elements(as: Float.self))
        forEachCount(text) { count, _, number in
            for output in outputs.indices { outputs[output] += number * countWeight(count, output) }
        }
        for block in schema.blocks.indices {
            features.count(block, buffers)
            for view in views where view.schema.block == block { add(view, buffers.counts, to: &outputs) }
        }
        return FamilyOutput(
            logits: outputs.count == 1 ? [0, outputs[0]] : outputs, tokens: buffers.tokens, isTruncated: false)
    }

    /// Calls `body` for each other thing that occurs in the text, such as a mark: with its index, its name and its number.
    ///
    /// - Parameters:
    ///   - text: The text as it was typed.
    ///   - body: Receives what occurs in the text.
    @inline(__always)
    func forEachCount(_ text: String, _ body: (_ index: Int, _ count: TextCount, _ number: Float) -> Void) {
        guard !counts.isEmpty else { return }
        let found = TextCounts(text)
        for (index, count) in counts.enumerated() where found[count] > 0 { body(index, count, Float(found[count])) }
    }

    /// The weight of something that is counted, for an output.
    func countWeight(_ index: Int, _ output: Int) -> Float {
        countWeights?.elements(as: Float.self)[index * schema.outputs + output] ?? 0
    }

    /// Calls `body` with each feature that was counted last, and the number that a view makes of its count.
    @inline(__always)
    private func forEachValue(
        _ view: View, _ counts: FeatureCounts, _ body: (_ feature: Int, _ value: Float) -> Void
    ) {
        let (frequency, schema) = (view.frequencies.lookup, view.schema)
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
    func values(_ view: View, _ counts: FeatureCounts) -> [(feature: Int, value: Float)] {
        var values: [(feature: Int, value: Float)] = []
        forEachValue(view, counts) { values.append(($0, $1)) }
        return values
    }

    /// The factor that scales the numbers of a text with a sum of squares, if the view does that.
    func factor(_ view: View, squares: Float) -> Float {
        view.schema.normalizes && squares > 0 ? 1 / squares.squareRoot() : 1
    }

    /// Adds the products of a view to the outputs.
    private func add(_ view: View, _ counts: FeatureCounts, to outputs: inout [Float]) {
        let weights = view.weights.elements(as: Int8.self)
        let scales = view.scales.elements(as: Float.self)
        let count = outputs.count
        var squares: Float = 0
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { sums in
            sums.initialize(repeating: 0)
            forEachValue(view, counts) { feature, value in
                squares += value * value
                for output in 0..<count { sums[output] += value * Float(weights[feature * count + output]) }
            }
            let factor = factor(view, squares: squares)
            for output in 0..<count { outputs[output] += sums[output] * factor * scales[output] }
        }
    }
}
