import Fixtures
import Testing

@testable import Training

@Suite("The loss of fine-tuning") struct SoftTargetsTests {
    private func loss(_ targets: SoftTargets, _ logits: [Float]) -> (loss: Double, gradient: [Float]) {
        let (values, gradient) = (
            Storage<Float>(logits.count, repeating: 0), Storage<Float>(logits.count, repeating: 0)
        )
        values.set(logits)
        let loss = targets.loss(0, values.start, total: 2, gradient: gradient.start)
        return (loss, gradient.elements)
    }

    @Test("The gradient is that of finite differences, with weights, smoothing and a teacher")
    func gradient() {
        let logits: [Float] = [0.5, -1.25, 2]
        for targets in [
            SoftTargets(labels: [1], classes: 3), SoftTargets(labels: [1], classes: 3, smoothing: 0.2),
            SoftTargets(labels: [1], classes: 3, smoothing: 0.1, weights: [0.5, 3, 1]),
            SoftTargets(labels: [1], classes: 3, teaching: Self.teaching(share: 1, 1), weights: [2, 1, 1]),
            SoftTargets(labels: [1], classes: 3, teaching: Self.teaching(share: 0.75, 2), smoothing: 0.1),
            SoftTargets(labels: [2], classes: 3, teaching: Self.teaching(share: 0.5, 0.5), weights: [2, 1, 3]),
        ] {
            let gradient = loss(targets, logits).gradient
            for index in 0..<3 {
                let step: Float = 1 / 64
                var (low, high) = (logits, logits)
                low[index] -= step
                high[index] += step
                let slope = (loss(targets, high).loss - loss(targets, low).loss) / Double(2 * step)
                #expect(abs(slope - Double(gradient[index])) < 1e-4)
            }
        }
    }

    private static func teaching(share: Double, _ temperature: Double) -> SoftTargets.Teaching {
        .init(probabilities: [0.25, 0.5, 0.25], shares: [share], temperature: temperature)
    }

    @Test("At a temperature of 1, a teacher and a label are one distribution between them")
    func mixture() {
        let mixed = loss(SoftTargets(labels: [1], classes: 3, teaching: Self.teaching(share: 0.5, 1)), [0.5, -1, 2])
        let label = loss(SoftTargets(labels: [1], classes: 3), [0.5, -1, 2])
        let taught = loss(SoftTargets(labels: [0], classes: 3, teaching: Self.teaching(share: 1, 1)), [0.5, -1, 2])
        #expect(abs(mixed.loss - (label.loss + taught.loss) / 2) < 1e-12)
        for index in 0..<3 {
            #expect(abs(mixed.gradient[index] - (label.gradient[index] + taught.gradient[index]) / 2) < 1e-6)
        }
    }

    @Test("The gradient of the teacher is T times the difference of the distributions at that temperature")
    func temperature() {
        let found = loss(SoftTargets(labels: [1], classes: 2, teaching: Self.half(2)), [4, 0]).gradient
        // softmax(4/2, 0/2) = 0.8808, and the teacher says 0.5; the loss is divided by 2.
        #expect(abs(found[0] - 2 * (0.880797 - 0.5) / 2) < 1e-5)
        #expect(abs(found[0] + found[1]) < 1e-7)
    }

    private static func half(_ temperature: Double) -> SoftTargets.Teaching {
        .init(probabilities: [0.5, 0.5], shares: [1], temperature: temperature)
    }

    @Test("The loss of a label is minus the logarithm of its probability")
    func label() {
        let found = loss(SoftTargets(labels: [0], classes: 2, weights: [3, 1]), [0, 0]).loss
        #expect(abs(found - 3 * 0.6931471805599453 / 2) < 1e-12)
    }
}
