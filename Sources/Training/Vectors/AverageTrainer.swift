import Foundation

/// Learns the vectors and the layer of a bag of vectors by stochastic gradient descent, one text after the other.
///
/// One thread does all the work: a pass over 80,000 tweets takes a fraction of a second, and the result is always the same.
struct AverageTrainer {
    private typealias Lanes = SIMD8<Float>

    private let recipe: AverageRecipe
    private let counts: SparseMatrix
    private let classes: Int
    /// The probability of each class of each text, (texts, classes).
    private let targets: [Float]

    init(_ recipe: AverageRecipe, _ counts: SparseMatrix, _ labels: [Int], classes: Int, soft: [Double]?) {
        (self.recipe, self.counts, self.classes) = (recipe, counts, classes)
        targets =
            soft.map { $0.map { Float($0) } }
            ?? labels.flatMap { label in (0..<classes).map { $0 == label ? 1 : 0 } }
    }

    /// Trains a model.
    ///
    /// - Parameter model: The model, whose vectors the training starts from.
    func train(_ model: inout TrainedAverage) {
        let width = model.width
        let blocks = (width + Lanes.scalarCount - 1) / Lanes.scalarCount
        let rowCount = model.rows.count / width
        let rows = UnsafeMutablePointer<Lanes>.allocate(capacity: max(1, rowCount * blocks))
        // The weights of each class, then the mean of a text, then the change of the mean.
        let layer = UnsafeMutablePointer<Lanes>.allocate(capacity: (classes + 2) * blocks)
        defer {
            rows.deallocate()
            layer.deallocate()
        }
        rows.initialize(repeating: .zero, count: rowCount * blocks)
        layer.initialize(repeating: .zero, count: (classes + 2) * blocks)
        for index in model.rows.indices {
            let (row, column) = (index / width, index % width)
            rows[row * blocks + column / Lanes.scalarCount][column % Lanes.scalarCount] = model.rows[index]
        }
        var bias = [Float](repeating: 0, count: classes)
        var order = Array(0..<counts.rowCount)
        var random = SplitMix64(seed: recipe.seed &+ 1)
        let epochs = recipe.epochs(for: order.count)
        let total = Double(max(1, epochs * order.count))
        for epoch in 0..<epochs {
            order.shuffle(using: &random)
            for (place, text) in order.enumerated() {
                let left = 1 - Double(epoch * order.count + place) / total
                learn(text, rows, layer, &bias, blocks, rate: Float(recipe.learningRate * left))
            }
        }
        for index in model.rows.indices {
            let (row, column) = (index / width, index % width)
            model.rows[index] = rows[row * blocks + column / Lanes.scalarCount][column % Lanes.scalarCount]
        }
        let weights = (0..<classes).map { label in
            (0..<width).map { layer[label * blocks + $0 / Lanes.scalarCount][$0 % Lanes.scalarCount] }
        }
        // With two classes, only the difference of their outputs counts.
        model.bias = classes == 2 ? [bias[1] - bias[0]] : bias
        model.weights = classes == 2 ? zip(weights[1], weights[0]).map { $0 - $1 } : weights.flatMap(\.self)
    }

    /// Makes a step with one text.
    private func learn(
        _ text: Int, _ rows: UnsafeMutablePointer<Lanes>, _ layer: UnsafeMutablePointer<Lanes>, _ bias: inout [Float],
        _ blocks: Int, rate: Float
    ) {
        let range = counts.range(of: text)
        guard !range.isEmpty else { return }
        let (mean, change) = (layer + classes * blocks, layer + (classes + 1) * blocks)
        counts.columns.withUnsafeBufferPointer { columns in
            counts.values.withUnsafeBufferPointer { values in
                for block in 0..<2 * blocks { mean[block] = .zero }
                var count: Float = 0
                for place in range {
                    let row = rows + Int(columns[place]) * blocks
                    for block in 0..<blocks { mean[block] += values[place] * row[block] }
                    count += values[place]
                }
                let share = 1 / count
                for block in 0..<blocks { mean[block] *= share }
                addGradients(text, layer, &bias, blocks, rate)
                for place in range {
                    let row = rows + Int(columns[place]) * blocks
                    for block in 0..<blocks { row[block] += values[place] * share * change[block] }
                }
            }
        }
    }

    /// Changes the layer, and adds up the change of the mean.
    private func addGradients(
        _ text: Int, _ layer: UnsafeMutablePointer<Lanes>, _ bias: inout [Float], _ blocks: Int, _ rate: Float
    ) {
        let (mean, change) = (layer + classes * blocks, layer + (classes + 1) * blocks)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: classes) { scores in
            var (largest, sum) = (-Float.infinity, Float(0))
            for label in 0..<classes {
                var products = Lanes.zero
                for block in 0..<blocks { products += layer[label * blocks + block] * mean[block] }
                scores[label] = products.sum() + bias[label]
                largest = max(largest, scores[label])
            }
            for label in 0..<classes {
                scores[label] = exp(scores[label] - largest)
                sum += scores[label]
            }
            for label in 0..<classes {
                let step = rate * (targets[text * classes + label] - scores[label] / sum)
                let weights = layer + label * blocks
                for block in 0..<blocks {
                    change[block] += step * weights[block]
                    weights[block] += step * mean[block]
                }
                bias[label] += step
            }
        }
    }
}
