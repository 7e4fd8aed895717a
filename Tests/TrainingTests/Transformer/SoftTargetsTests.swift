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
            SoftTargets(labels: [1], classes: 3, soft: [0.25, 0.5, 0.25], weights: [2, 1, 1]),
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

    @Test("The loss of a label is minus the logarithm of its probability")
    func label() {
        let found = loss(SoftTargets(labels: [0], classes: 2, weights: [3, 1]), [0, 0]).loss
        #expect(abs(found - 3 * 0.6931471805599453 / 2) < 1e-12)
    }
}
