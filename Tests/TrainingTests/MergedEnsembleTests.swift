import Fixtures
import Testing
import Text

@testable import Training

/// Ensembles of linear models that become one linear model, and those that cannot.
@Suite struct MergedEnsembleTests {
    private static let words = ["late", "great", "awful", "crew", "seat", "love", "worst", "gate", "the", "fine"]
    private let texts: [String]
    private let labels: [Int]

    init() {
        var random = Seeded(3)
        labels = (0..<120).map { $0 % 3 }
        texts = labels.map { label in
            (["late", "great", "fine"][label])
                + (0..<5).map { _ in " " + (Self.words.randomElement(using: &random) ?? "") }.joined()
        }
    }

    /// Trains a mean of two linear models of three classes.
    private func ensemble(l1Ratio: Double) throws -> TrainedEnsemble {
        var first = LinearRecipe(.logistic, .word, try TextPipeline(preset: "tweet"))
        first.l1Ratio = l1Ratio
        let second = LinearRecipe(.svm, .word, try TextPipeline(preset: "tweet"))
        let recipe = Recipe.ensemble(EnsembleRecipe([.linear(first), .linear(second)], .mean))
        guard case .ensemble(let trained) = recipe.train(texts, labels, classes: 3) else { throw Failure() }
        return trained
    }

    private struct Failure: Error {}

    @Test func modelsWithTheSameFeaturesBecomeOneWithTheSameOutputs() throws {
        let ensemble = try ensemble(l1Ratio: 0)
        let merged = try #require(ensemble.merged)
        let expected = TrainedModel.ensemble(ensemble).outputs(of: texts)
        for (found, expected) in zip(TrainedModel.linear(merged).outputs(of: texts), expected) {
            #expect(abs(found - expected) < 1e-6)
        }
    }

    @Test func aModelThatLeftOutFeaturesIsNotMerged() throws {
        let ensemble = try ensemble(l1Ratio: 1)
        guard case .linear(let first) = ensemble.members[0], case .linear(let second) = ensemble.members[1] else {
            throw Failure()
        }
        #expect(first.vectorizer.columnCount < second.vectorizer.columnCount)
        #expect(ensemble.merged == nil)
    }
}
