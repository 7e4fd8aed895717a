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
        let weights: LinearWeights
        let frequencies: NgramFrequencies
    }

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        let pipeline = try card.pipeline(of: file)
        schema = try LinearModelSchema(file, card)
        features = try NgramFeatures(file, pipeline, blocks: schema.blocks, schema.tables, stopWords: schema.stopWords)
        var views: [View] = []
        for (index, view) in schema.views.enumerated() {
            views.append(
                View(
                    schema: view, weights: try LinearWeights(file, schema, view: index),
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
        var outputs = bias.elements(as: Float.self).map(Double.init)
        forEachCount(text) { count, _, number in
            for output in outputs.indices { outputs[output] += Double(number * countWeight(count, output)) }
        }
        var known = 0
        for block in schema.blocks.indices {
            features.count(block, buffers)
            if block == 0 { known = buffers.counts.known }
            for view in views where view.schema.block == block { add(view, buffers.counts, to: &outputs) }
        }
        let logits = outputs.map(Float.init)
        return FamilyOutput(
            logits: logits.count == 1 ? [0, logits[0]] : logits, tokens: buffers.tokens, isTruncated: false,
            unknown: buffers.tokens - known)
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
        _ view: View, _ counts: FeatureCounts, _ body: (_ feature: Int, _ value: Double) -> Void
    ) {
        let (frequency, schema) = (view.frequencies.lookup, view.schema)
        counts.forEach { feature, count in
            var value: Double
            switch schema.counting {
            case .count: value = Double(count)
            case .sublinear: value = count == 1 ? 1 : 1 + log(Double(count))
            case .binary: value = 1
            }
            if schema.usesFrequency { value *= Double(frequency(feature)) }
            body(feature, value)
        }
    }

    /// The features that were counted last, and the numbers that a view makes of their counts.
    func values(_ view: View, _ counts: FeatureCounts) -> [(feature: Int, value: Double)] {
        var values: [(feature: Int, value: Double)] = []
        forEachValue(view, counts) { values.append(($0, $1)) }
        return values
    }

    /// The factor that scales the numbers of a text, if the view does that.
    ///
    /// - Parameters:
    ///   - view: The view.
    ///   - size: The sum of ``part(_:of:)`` over all numbers.
    /// - Returns: The factor, which is 1 for a text without features.
    func factor(_ view: View, size: Double) -> Double {
        guard size > 0 else { return 1 }
        return switch view.schema.norm {
        case .euclidean: 1 / size.squareRoot()
        case .absolute: 1 / size
        case nil: 1
        }
    }

    /// What a number adds to the size of a text: its square or its absolute value.
    @inline(__always)
    func part(_ value: Double, of view: View) -> Double {
        view.schema.norm == .absolute ? abs(value) : value * value
    }

    /// Adds the products of a view to the outputs.
    private func add(_ view: View, _ counts: FeatureCounts, to outputs: inout [Double]) {
        let weight = view.weights.lookup
        let count = outputs.count
        var size = 0.0
        withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { sums in
            sums.initialize(repeating: 0)
            forEachValue(view, counts) { feature, value in
                size += part(value, of: view)
                for output in 0..<count { sums[output] += value * weight(feature * count + output) }
            }
            let factor = factor(view, size: size)
            for output in 0..<count { outputs[output] += sums[output] * factor * weight.scale(output) }
        }
    }
}
