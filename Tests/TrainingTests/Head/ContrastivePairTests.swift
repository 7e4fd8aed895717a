import Fixtures
import Testing

@testable import Training

@Suite("Pairs of texts") struct ContrastivePairTests {
    @Test("Each text is paired as often with its own label as with another one", arguments: 1...20)
    func draw(seed: UInt64) {
        var random = Seeded(seed)
        let labels = [0, 1, 2, 0, 1, 2] + (0..<30).map { _ in Int.random(in: 0..<3, using: &random) }
        let pairs = ContrastivePairs(labels, perText: 4, seed: seed)
        #expect(pairs.texts.count == 2 * pairs.isSame.count)
        #expect(pairs.isSame.count == 8 * labels.count && pairs.isSame.count { $0 } == 4 * labels.count)
        for (pair, isSame) in pairs.isSame.enumerated() {
            let (first, second) = (pairs.texts[2 * pair], pairs.texts[2 * pair + 1])
            #expect(first != second && (labels[first] == labels[second]) == isSame)
        }
        #expect(ContrastivePairs(labels, perText: 4, seed: seed) == pairs)
        #expect(ContrastivePairs(labels, perText: 4, seed: seed &+ 1) != pairs)
    }

    @Test("A label with one text has only pairs with other labels")
    func single() {
        let pairs = ContrastivePairs([0, 1, 1], perText: 1, seed: 1)
        #expect(pairs.isSame == [false, true, false, true, false])
    }

    /// A tuner of the golden model on pairs of its texts.
    private func tuner(_ parameters: [Float]? = nil, threads: Int = 1, rate: Double = 1e-3) throws -> FineTuner {
        let golden = try TransformerGolden(.bert)
        var options = FineTuner.Options()
        (options.batch, options.epochs, options.rate, options.microTokens) = (4, 30, rate, 24)
        (options.warmUp, options.decay) = (0, 0)
        let texts = golden.texts.prefix(4)
        return FineTuner(
            golden.shape, parameters: parameters ?? golden.start, pairs: texts + [texts[0], texts[2]],
            isSame: [true, false, false], options, Arithmetic(.float32, threads: threads))
    }

    @Test("The gradient is that of finite differences")
    func gradient() throws {
        let golden = try TransformerGolden(.bert)
        let chosen = Array(0..<6)
        let first = try tuner()
        let loss = first.addGradients(of: chosen)
        #expect(loss > 0 && loss < 4)
        let found = first.gradients.values.elements
        var random = Seeded(1)
        let tensors = first.layout.tensors.filter { $0.depth <= golden.shape.layers && $0.name.hasSuffix("weight") }
        #expect(tensors.count > 10)
        for tensor in tensors {
            // A step along a random direction in the tensor changes many values a little.
            let direction = random.floats(tensor.count)
            func loss(_ step: Float) throws -> Double {
                var parameters = golden.start
                for (index, value) in direction.enumerated() { parameters[tensor.offset + index] += step * value }
                return try tuner(parameters).addGradients(of: chosen)
            }
            let step: Float = 1e-3
            let slope = try (loss(step) - loss(-step)) / Double(2 * step)
            let expected = zip(direction, found[tensor.offset...]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            #expect(abs(slope - expected) < 0.02 * max(abs(slope), 0.01), "\(tensor.name): \(slope) and \(expected)")
        }
        let head = first.layout.tensors.filter { $0.depth > golden.shape.layers }
        for tensor in head { #expect(found[tensor.offset..<tensor.offset + tensor.count].allSatisfy { $0 == 0 }) }
    }

    @Test("The loss falls, and the threads do not change a bit")
    func training() throws {
        let tuners = try [1, 2].map { try tuner(threads: $0) }
        let losses = tuners.map { tuner in (0..<tuner.totalSteps).map { _ in tuner.step().loss } }
        #expect(losses[0] == losses[1])
        #expect(tuners[0].currentParameters == tuners[1].currentParameters)
        let (first, last) = (losses[0].prefix(4).reduce(0, +), losses[0].suffix(4).reduce(0, +))
        #expect(last < first / 2)
    }
}
