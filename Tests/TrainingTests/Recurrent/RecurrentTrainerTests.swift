import Fixtures
import Testing

@testable import Training

@Suite("Training of recurrent networks") struct RecurrentTrainerTests {
    private static let exact = Arithmetic.names.filter {
        !$0.hasSuffix("bf16") && Arithmetic(named: $0, threads: 1) != nil
    }

    private func arithmetic(_ name: String, threads: Int = 1) throws -> Arithmetic {
        try #require(Arithmetic(named: name, threads: threads))
    }

    @Test(
        "The logits and the gradients of the first step are those of PyTorch", arguments: RecurrentGolden.names, exact)
    func gradients(model: String, name: String) throws {
        let golden = try RecurrentGolden(model)
        let trainer = golden.trainer(try arithmetic(name))
        #expect(relativeDistance(trainer.logits(golden.texts), golden.logits) < 1e-6)
        let loss = trainer.addGradients(of: Array(golden.texts.indices))
        #expect(abs(loss - golden.losses[0]) < 1e-6)
        let found = trainer.gradients.values.elements
        for tensor in trainer.layout.tensors {
            let range = tensor.offset..<tensor.offset + tensor.count
            let distance = relativeDistance(found[range], golden.gradients[range])
            #expect(distance < 1e-5, "\(tensor.name): \(distance)")
        }
    }

    @Test("Ten steps of AdamW end where PyTorch ends", arguments: RecurrentGolden.names, [1, 2])
    func tenSteps(model: String, threads: Int) throws {
        let golden = try RecurrentGolden(model)
        let trainer = golden.trainer(Arithmetic(.float32, threads: threads))
        for expected in golden.losses { #expect(abs(trainer.step().loss - expected) < 1e-5) }
        let found = trainer.currentParameters
        for tensor in trainer.layout.tensors {
            let range = tensor.offset..<tensor.offset + tensor.count
            let distance = relativeDistance(found[range], golden.end[range])
            #expect(distance < 1e-4, "\(tensor.name): \(distance)")
        }
    }

    /// More texts than go through the model together.
    private func manyTexts(_ golden: RecurrentGolden) -> (texts: [[Int32]], labels: [Int]) {
        var random = Seeded(8)
        let texts = (0..<90).map { _ in
            (0..<Int.random(in: 0...12, using: &random)).map { _ in Int32.random(in: 0..<40, using: &random) }
        }
        return (texts, texts.map { $0.count % 3 })
    }

    private func train(
        _ arithmetic: Arithmetic, steps: Int, _ edit: (inout RecurrentTrainer.Options) -> Void = { _ in }
    )
        throws -> RecurrentTrainer
    {
        let golden = try RecurrentGolden("two-mean")
        let (texts, labels) = manyTexts(golden)
        var (shape, options) = (golden.shape, RecurrentTrainer.Options())
        shape.dropout = 0.3
        options.batch = 40
        edit(&options)
        let trainer = RecurrentTrainer(
            shape, parameters: golden.start, texts: texts, targets: SoftTargets(labels: labels, classes: 3), options,
            arithmetic)
        for _ in 0..<steps { _ = trainer.step() }
        return trainer
    }

    @Test("A seed gives the same bits on one and on two threads, with every precision")
    func threads() throws {
        for precision in Arithmetic.Precision.allCases {
            let models = try [1, 2].map { try train(Arithmetic(precision, threads: $0), steps: 5).state }
            let isSame = models[0] == models[1]
            #expect(isSame, "\(precision)")
        }
    }

    @Test("Every instruction set with fused multiply-add gives the same bits")
    func instructionSets() throws {
        let models = try Self.exact.filter { $0 != "sse41" }.map {
            try train(arithmetic($0), steps: 3).currentParameters
        }
        let areSame = models.allSatisfy { $0 == models[0] }
        #expect(areSame)
    }

    @Test("A training that was interrupted ends with the same bits")
    func resume() throws {
        let whole = try train(Arithmetic(.float32, threads: 2), steps: 7)
        let first = try train(Arithmetic(.float32, threads: 2), steps: 3)
        let second = try train(Arithmetic(.float32, threads: 2), steps: 0)
        second.resume(first.state)
        for _ in 3..<7 { _ = second.step() }
        let isSame = second.state == whole.state
        #expect(isSame)
    }

    @Test("Frozen vectors stay as they are, and everything else is learned")
    func frozen() throws {
        let golden = try RecurrentGolden("two-mean")
        let trainer = try train(Arithmetic(.float32, threads: 1), steps: 3) { ($0.isFrozen, $0.warmUp) = (true, 0) }
        let end = trainer.currentParameters
        for tensor in trainer.layout.tensors {
            let range = tensor.offset..<tensor.offset + tensor.count
            let isSame = end[range] == golden.start[range]
            #expect(isSame == (tensor.name == "tokens"), "\(tensor.name)")
        }
    }

    @Test("The logits of a text do not depend on the other texts")
    func alone() throws {
        let trainer = try train(Arithmetic(.float32, threads: 2), steps: 1)
        let texts = manyTexts(try RecurrentGolden("two-mean")).texts
        let together = trainer.logits(texts)
        for (index, text) in texts.enumerated() {
            #expect(trainer.logits([text]) == Array(together[3 * index..<3 * index + 3]))
        }
    }

    @Test("New values make gates that remember, and recurrent weights that keep lengths")
    func newValues() throws {
        let layout = RecurrentLayout(
            RecurrentShape(
                rows: 5, width: 6, units: 8, layers: 2, directions: 2, pooling: .max, labels: 2, dropout: 0))
        let values = layout.newValues(seed: 3)
        #expect(values == layout.newValues(seed: 3) && values != layout.newValues(seed: 4))
        for cell in layout.cells.joined() {
            let bias = values[cell.bias..<cell.bias + 32]
            #expect(Array(bias) == (0..<32).map { $0 / 8 == 1 ? 1 : 0 })
            for gate in 0..<4 {
                let rows = (0..<8).map {
                    Array(values[cell.recurrent + (gate * 8 + $0) * 8..<cell.recurrent + (gate * 8 + $0 + 1) * 8])
                }
                for (i, a) in rows.enumerated() {
                    for (j, b) in rows.enumerated() {
                        let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
                        #expect(abs(product - (i == j ? 1 : 0)) < 1e-5)
                    }
                }
            }
        }
    }
}

@Suite("The order of the texts of an epoch") struct EpochOrderTests {
    @Test("Each epoch has every text once, in another order", arguments: [nil, (0..<103).map { $0 * 7 % 20 }])
    func everyText(lengths: [Int]?) {
        var order = EpochOrder(count: 103, batch: 10, seed: 5, lengths: lengths)
        #expect(order.steps == 11)
        let epochs = [0, 11].map { start in (start..<start + 11).map { order.texts(ofStep: $0) } }
        for epoch in epochs {
            #expect(epoch.joined().sorted() == Array(0..<103))
            #expect(epoch.map(\.count) == Array(repeating: 10, count: 10) + [3])
        }
        #expect(epochs[0] != epochs[1])
    }

    @Test("With lengths, the texts of a step are of similar length")
    func similarLengths() {
        let lengths = (0..<320).map { $0 * 37 % 41 }
        var order = EpochOrder(count: 320, batch: 10, seed: 5, lengths: lengths)
        for step in 0..<order.steps {
            let found = order.texts(ofStep: step).map { lengths[$0] }
            #expect((found.max() ?? 0) - (found.min() ?? 0) <= 2)
        }
    }
}
