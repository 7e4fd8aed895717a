import Fixtures
import Testing

@testable import Training

@Suite("The optimizer AdamW") struct AdamWTests {
    private let shape = EncoderShape(
        architecture: .distilbert, vocabulary: 30, positions: 8, segments: 0, width: 20, inner: 24, layers: 1, heads: 2,
        labels: 2, epsilon: 1e-12, dropout: .none)

    /// Twelve steps with the gradients of different rows; `caughtUp` says whether all rows are up to date at each step.
    private func train(decay: Double, caughtUp: Bool) -> [Float] {
        let layout = ParameterLayout(shape)
        let arithmetic = Arithmetic(.float32, threads: 2)
        var random = Seeded(3)
        let parameters = Storage<Float>(layout.count, repeating: 0)
        parameters.set(random.floats(layout.count))
        var options = AdamW.Options(rate: LearningRate(peak: 0.01, warmUp: 3, total: 12, decay: .cosine))
        options.decay = decay
        let optimizer = AdamW(parameters, layout.tensors, tables: 2, arithmetic, options)
        let gradients = WeightGradients(layout)
        for step in 0..<12 {
            let text = (0..<4).map { _ in Int32.random(in: 0..<(step == 7 ? 30 : 9), using: &random) }
            gradients.reset(layout, for: [text])
            if caughtUp { optimizer.catchUp() }
            optimizer.catchUp(gradients.rows)
            let rows = gradients.tokenRows.map { Int($0) * shape.width } + (0..<4).map { layout.positions + $0 * 20 }
            for row in rows {
                for index in row..<row + shape.width { gradients.values.start[index] = random.float() }
            }
            for index in layout.embeddingsNorm..<layout.count { gradients.values.start[index] = random.float() }
            optimizer.step(gradients.values, rows: gradients.rows, scale: 0.5)
        }
        optimizer.catchUp()
        return parameters.elements + optimizer.first.elements + optimizer.second.elements
    }

    @Test("Rows that are caught up later have the bits of those that make every step", arguments: [0, 0.1])
    func lateRows(decay: Double) {
        let isSame = train(decay: decay, caughtUp: false) == train(decay: decay, caughtUp: true)
        #expect(isSame)
    }

    @Test("The rate grows, and then falls as chosen")
    func rates() {
        let linear = LearningRate(peak: 1, warmUp: 2, total: 6, decay: .linear)
        #expect((0...6).map(linear.rate) == [0, 0.5, 1, 0.75, 0.5, 0.25, 0])
        let cosine = LearningRate(peak: 2, warmUp: 0, total: 4, decay: .cosine)
        #expect(
            zip((0...4).map(cosine.rate), [2, 1.7071067811865475, 1, 0.2928932188134524, 0]).allSatisfy {
                abs($0 - $1) < 1e-12
            })
        #expect(LearningRate(peak: 3, warmUp: 0, total: 4, decay: .constant).rate(3) == 3)
    }

    @Test("Layers below the head have smaller rates")
    func layerRates() {
        let layout = ParameterLayout(shape)
        let parameters = Storage<Float>(layout.count, repeating: 0)
        var options = AdamW.Options(rate: LearningRate(peak: 0.01, warmUp: 0, total: 10, decay: .constant))
        options.layerDecay = 0.5
        let optimizer = AdamW(
            parameters, layout.tensors, tables: 2, Arithmetic(.float32, threads: 1), options)
        let gradients = WeightGradients(layout)
        gradients.values.start.update(repeating: 1, count: layout.count)
        optimizer.step(gradients.values, rows: gradients.rows, scale: 1)
        // The first step of AdamW has the size of the rate.
        for tensor in layout.tensors[2...] {
            let expected: Float = tensor.depth == 2 ? -0.01 : tensor.depth == 1 ? -0.005 : -0.0025
            #expect(abs(parameters.start[tensor.offset] - expected) < 1e-7, "\(tensor.name)")
        }
    }
}
