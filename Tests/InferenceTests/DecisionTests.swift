import ModelFile
import Testing

@testable import Inference

@Suite struct DecisionTests {
    @Test func aSoftmaxSumsToOneAndChoosesTheLargest() {
        let (label, scores) = Decision().predict([1, 3, 2])
        #expect(label == 1)
        #expect(abs(scores.reduce(0, +) - 1) < 1e-6)
        #expect(abs(scores[1] - 0.66524096) < 1e-6)
    }

    @Test(arguments: [(Float(0.5), 1), (0.7310, 1), (0.7311, 0), (1, 0)])
    func theThresholdDecidesBetweenTwoLabels(threshold: Float, label: Int) {
        #expect(Decision(threshold: threshold).predict([0, 1]).label == label)  // The second score is 0.731059.
    }

    @Test func theTemperatureCalibratesTheScoresButKeepsTheLabel() {
        let (plain, calm) = (Decision().predict([1, 3, 2]), Decision(temperature: 4).predict([1, 3, 2]))
        #expect(plain.label == calm.label)
        #expect(calm.scores[1] < plain.scores[1])
        #expect(calm.scores == Decision().predict([0.25, 0.75, 0.5]).scores)
    }

    @Test func aSigmoidScoresEachLabelOnItsOwn() {
        let (label, scores) = Decision(activation: .sigmoid).predict([0, 2, -2])
        #expect(label == 1)
        #expect(scores[0] == 0.5)
        #expect(abs(scores[1] + scores[2] - 1) < 1e-6)
    }

    @Test func hugeLogitsDoNotOverflow() {
        let scores = Decision().predict([1e30, -1e30]).scores
        #expect(scores == [1, 0])
    }
}
