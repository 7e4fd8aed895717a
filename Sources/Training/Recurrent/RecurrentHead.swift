import CTraining

/// The pooling of some texts and the linear layer above it, on one thread.
struct RecurrentHead {
    private let pass: RecurrentPass
    private let steps: TextSteps
    private let kept: RecurrentActivations

    init(_ pass: RecurrentPass, _ steps: TextSteps, _ kept: RecurrentActivations) {
        (self.pass, self.steps, self.kept) = (pass, steps, kept)
    }

    private var shape: RecurrentShape { pass.shape }
    private var kernels: training_kernels { pass.arithmetic.kernels }
    private var words: Words { kept.layers[0][0].words }

    /// Computes the logits from the outputs of the last layer.
    func forward(_ dropout: training_dropout?) {
        let (count, outputs) = (steps.texts.count, shape.outputs)
        kept.pooled.update(repeating: 0, count: count * outputs)
        for place in 0..<count where steps.lengths[place] > 0 { pool(place) }
        kept.kept.update(from: kept.pooled, count: count * outputs)
        if var dropout { kernels.drop(kept.kept, count * outputs, &dropout) }
        kernels.pack_rows(words, kept.kept, outputs, count, outputs)
        kernels.multiply(
            kept.logits, shape.labels, words, training_left_rows, pass.weights.head.forward,
            pass.parameters + pass.layout.headBias, 0, count, shape.labels, outputs)
    }

    /// Computes the gradient of the outputs of the last layer from that of the logits.
    func backward(_ dropout: training_dropout?) {
        let (count, outputs) = (steps.texts.count, shape.outputs)
        kernels.pack_rows(words, kept.logitsGradient, shape.labels, count, shape.labels)
        kernels.multiply(
            kept.pooledGradient, outputs, words, training_left_rows, pass.weights.head.backward, nil, 0, count,
            outputs, shape.labels)
        if var dropout { kernels.drop(kept.pooledGradient, count * outputs, &dropout) }
        kept.gradient.update(repeating: 0, count: steps.rows * outputs)
        for place in 0..<count where steps.lengths[place] > 0 { spread(place) }
    }

    private func pool(_ place: Int) {
        let (outputs, values) = (shape.outputs, kept.inputs[shape.layers])
        let (pooled, largest) = (kept.pooled + place * outputs, kept.largest + place * outputs)
        switch shape.pooling {
        case .max:
            pooled.update(from: values + place * outputs, count: outputs)
            largest.update(repeating: Int32(place), count: outputs)
            for row in steps.rows(of: place).dropFirst() {
                for index in 0..<outputs where values[row * outputs + index] > pooled[index] {
                    (pooled[index], largest[index]) = (values[row * outputs + index], Int32(row))
                }
            }
        case .mean:
            let share = 1 / Float(steps.lengths[place])
            for row in steps.rows(of: place) { kernels.add(pooled, values + row * outputs, outputs) }
            for index in 0..<outputs { pooled[index] *= share }
        case .last:
            for direction in 0..<shape.directions {
                let column = direction * shape.units
                (pooled + column).update(
                    from: values + lastRow(place, direction) * outputs + column, count: shape.units)
            }
        }
    }

    private func spread(_ place: Int) {
        let (outputs, gradient) = (shape.outputs, kept.gradient)
        let (pooled, largest) = (kept.pooledGradient + place * outputs, kept.largest + place * outputs)
        switch shape.pooling {
        case .max:
            for index in 0..<outputs { gradient[Int(largest[index]) * outputs + index] = pooled[index] }
        case .mean:
            let share = 1 / Float(steps.lengths[place])
            for row in steps.rows(of: place) {
                for index in 0..<outputs { gradient[row * outputs + index] = share * pooled[index] }
            }
        case .last:
            for direction in 0..<shape.directions {
                let column = direction * shape.units
                (gradient + lastRow(place, direction) * outputs + column)
                    .update(from: pooled + column, count: shape.units)
            }
        }
    }

    /// The row of the word that a direction reads last.
    private func lastRow(_ place: Int, _ direction: Int) -> Int {
        direction == 0 ? steps.starts[steps.lengths[place] - 1] + place : place
    }
}
