import Fixtures
import Foundation
import Testing
import Text

@testable import Training

/// Ensembles, against their definitions.
@Suite struct EnsembleTests {
    private func texts(_ count: Int, classes: Int) -> (texts: [String], labels: [Int]) {
        var random = Seeded(21)
        let labels = (0..<count).map { $0 % classes }
        let texts = labels.map { label in
            (0..<5).map { _ in
                "w\(Int.random(in: 0..<12, using: &random))"
                    + (Int.random(in: 0..<3, using: &random) == 0 ? " t\(label)" : "")
            }.joined(separator: " ")
        }
        return (texts, labels)
    }

    private func members(_ pipeline: TextPipeline) -> [Recipe] {
        var forest = ForestRecipe(pipeline)
        forest.trees = 10
        return [
            .linear(LinearRecipe(.logistic, .word, pipeline)), .linear(LinearRecipe(.bayes, .word, pipeline)),
            .forest(forest),
        ]
    }

    private func softmax(_ outputs: [Double]) -> [Double] {
        let logits = outputs.count == 1 ? [0, outputs[0]] : outputs
        let powers = logits.map { exp($0) }
        return powers.map { $0 / powers.reduce(0, +) }
    }

    @Test(arguments: [2, 3], EnsembleRecipe.Combination.allCases)
    func theOutputsAreTheCombinationOfThoseOfTheMembers(
        classes: Int, combination: EnsembleRecipe.Combination
    ) throws {
        let (texts, labels) = texts(300, classes: classes)
        let recipe = EnsembleRecipe(members(try TextPipeline(preset: "plain")), combination)
        let trained = Recipe.ensemble(recipe).train(texts, labels, classes: classes)
        guard case .ensemble(let ensemble) = trained else { throw Missing() }
        let outputs = classes == 2 ? 1 : classes
        let found = trained.outputs(of: texts)
        let parts = ensemble.members.map { $0.outputs(of: texts) }
        for text in texts.indices {
            let range = text * outputs..<(text + 1) * outputs
            switch combination {
            case .mean:
                for index in range {
                    #expect(abs(found[index] - parts.reduce(0) { $0 + $1[index] } / 3) < 1e-9)
                }
            case .vote:
                let votes = parts.map { softmax(Array($0[range])) }
                for (label, share) in softmax(Array(found[range])).enumerated() {
                    #expect(abs(share - votes.reduce(0) { $0 + $1[label] } / 3) < 1e-4)
                }
            case .stack:
                let inputs = parts.flatMap { $0[range] }
                for (output, index) in range.enumerated() {
                    let weights = ensemble.weights[output * inputs.count..<(output + 1) * inputs.count]
                    let sum = zip(inputs, weights).reduce(ensemble.bias[output]) { $0 + $1.0 * $1.1 }
                    #expect(abs(found[index] - sum) < 1e-9)
                }
            }
        }
        let accuracy = Metrics(
            Predictions(outputs: found, labels: (0..<classes).map { "\($0)" }, truth: labels)
        ).accuracy
        #expect(accuracy > 0.8)
    }

    @Test func aStackGivesAMemberThatKnowsNothingNoWeight() throws {
        let (texts, labels) = texts(300, classes: 2)
        let pipeline = try TextPipeline(preset: "plain")
        var blind = LinearRecipe(.logistic, .word, pipeline)
        blind.features.minimumTexts = [10_000]
        let recipe = EnsembleRecipe([.linear(LinearRecipe(.logistic, .word, pipeline)), .linear(blind)], .stack)
        guard case .ensemble(let ensemble) = Recipe.ensemble(recipe).train(texts, labels, classes: 2) else {
            throw Missing()
        }
        #expect(ensemble.weights[0] > 0.5 && abs(ensemble.weights[1]) < 0.1)
    }

    @Test(arguments: [2, 3], [EnsembleRecipe.Combination.mean, .stack])
    func linearMembersWithTheSameFeaturesBecomeOneLinearModel(
        classes: Int, combination: EnsembleRecipe.Combination
    ) throws {
        let (texts, labels) = texts(200, classes: classes)
        let members = Array(members(try TextPipeline(preset: "plain")).prefix(2))
        let trained = Recipe.ensemble(EnsembleRecipe(members, combination)).train(texts, labels, classes: classes)
        guard case .ensemble(let ensemble) = trained else { throw Missing() }
        let merged = TrainedModel.linear(try #require(ensemble.merged))
        for (one, other) in zip(merged.outputs(of: texts), trained.outputs(of: texts)) {
            #expect(abs(one - other) < 1e-9)
        }
    }

    @Test func aForestOrAVoteIsNotMerged() throws {
        let (texts, labels) = texts(100, classes: 2)
        let members = members(try TextPipeline(preset: "plain"))
        for recipe in [EnsembleRecipe(members, .mean), EnsembleRecipe(Array(members.prefix(2)), .vote)] {
            guard case .ensemble(let ensemble) = Recipe.ensemble(recipe).train(texts, labels, classes: 2) else {
                throw Missing()
            }
            #expect(ensemble.merged == nil)
        }
    }

    /// The model is not an ensemble.
    private struct Missing: Error {}
}
