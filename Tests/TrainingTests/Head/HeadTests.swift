import Fixtures
import Foundation
import Testing

@testable import Training

@Suite("Heads on vectors of texts") struct HeadTests {
    /// Vectors around a centre for each class, of which the first values tell it.
    private func clusters(_ classes: Int, width: Int = 12, count: Int = 240, seed: UInt64) -> (TextVectors, [Int]) {
        var random = Seeded(seed)
        let labels = (0..<count).map { $0 % classes }
        let values = labels.flatMap { label in
            (0..<width).map { random.float(0.5) + ($0 == label ? 1 : 0) + 0.25 }
        }
        return (TextVectors(width: width, values: values), labels)
    }

    private func accuracy(_ head: VectorHead, _ vectors: TextVectors, _ labels: [Int]) -> Double {
        let right = labels.indices.count { text in
            let logits = head.logits(vectors[text])
            return logits.indices.max { logits[$0] < logits[$1] } == labels[text]
        }
        return Double(right) / Double(labels.count)
    }

    @Test("A logistic regression separates clusters", arguments: [2, 3, 5])
    func logistic(classes: Int) {
        let (vectors, labels) = clusters(classes, seed: 1)
        let result = LogisticHead(c: nil, seed: 1).train(vectors, labels, classes: classes)
        #expect(LogisticHead.trials.contains(result.c))
        #expect(result.head.classes == classes && result.head.dense == nil)
        let (others, truth) = clusters(classes, seed: 2)
        #expect(accuracy(result.head, others, truth) > 0.95)
    }

    @Test("C means the same for vectors of any length")
    func scale() {
        let (vectors, labels) = clusters(3, seed: 3)
        let longer = TextVectors(width: vectors.width, values: vectors.values.map { $0 * 64 })
        let heads = [vectors, longer].map { LogisticHead(c: 1, seed: 1).train($0, labels, classes: 3).head }
        for text in labels.indices {
            for (a, b) in zip(heads[0].logits(vectors[text]), heads[1].logits(longer[text])) {
                #expect(abs(a - b) < 1e-3)
            }
        }
    }

    @Test("Soft targets are learned instead of labels")
    func soft() {
        let (vectors, labels) = clusters(2, seed: 4)
        let soft = labels.flatMap { $0 == 0 ? [0.25, 0.75] : [0.75, 0.25] }
        let head = LogisticHead(c: 1000, seed: 1).train(vectors, labels, classes: 2, soft: soft).head
        #expect(accuracy(head, vectors, labels) < 0.1, "the teacher says the opposite of the labels")
        let mean = labels.indices.reduce(0.0) { sum, text in
            let logits = head.logits(vectors[text])
            return sum + 1 / (1 + exp(-abs(logits[1] - logits[0])))
        }
        #expect(abs(mean / Double(labels.count) - 0.75) < 0.05)
    }

    @Test("A dense layer learns what no linear layer can", arguments: VectorHead.Activation.allCases)
    func dense(activation: VectorHead.Activation) throws {
        var random = Seeded(5)
        let values = random.floats(8 * 600)
        let vectors = TextVectors(width: 8, values: values)
        let labels = (0..<600).map { (values[$0 * 8] > 0) == (values[$0 * 8 + 1] > 0) ? 1 : 0 }
        let linear = LogisticHead(c: nil, seed: 1).train(vectors, labels, classes: 2).head
        #expect(accuracy(linear, vectors, labels) < 0.65)
        var trainer = DenseHead(activation, seed: 1)
        (trainer.epochs, trainer.rate, trainer.batch) = (120, 1e-2, 32)
        let targets = SoftTargets(labels: labels, classes: 2)
        let arithmetic = Arithmetic(.float32, threads: 1)
        let head = trainer.train(vectors, targets, arithmetic)
        #expect(accuracy(head, vectors, labels) > 0.9)
        #expect(head.dense?.activation == activation)
        #expect(trainer.train(vectors, targets, arithmetic) == head, "a seed gives the same head")
    }

    @Test("A factor of the logits changes neither a label nor their order")
    func factor() {
        let (vectors, labels) = clusters(3, seed: 6)
        let head = LogisticHead(c: 1, seed: 1).train(vectors, labels, classes: 3).head
        var scaled = head
        scaled.scale(by: 0.5)
        for (a, b) in zip(head.logits(vectors[0]), scaled.logits(vectors[0])) { #expect(abs(a / 2 - b) < 1e-5) }
    }
}
