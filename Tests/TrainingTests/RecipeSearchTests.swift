import Fixtures
import Testing
import Text

@testable import Training

/// Cross-validation, and what it is built on.
@Suite struct RecipeSearchTests {
    private static func texts(_ count: Int) -> (texts: [String], labels: [Int]) {
        var random = Seeded(11)
        let words = ["late", "flight", "crew", "gate", "bag", "the", "my", "to"]
        let telling = ["awful", "lovely", "maybe"]
        let labels = (0..<count).map { $0 % 3 }
        let texts = labels.enumerated().map { index, label in
            ((0..<5).map { _ in words.randomElement(using: &random) ?? "" } + [telling[label], "n\(index)"])
                .joined(separator: " ")
        }
        return (texts, labels)
    }

    @Test func foldsAreStratifiedAndKeepEqualTextsTogether() {
        var (texts, labels) = Self.texts(300)
        texts += texts.prefix(60)
        labels += labels.prefix(60)
        let folds = Folds(texts, labels, count: 5, seed: 1)
        for fold in 0..<5 {
            let (training, heldOut) = folds.split(fold)
            #expect((training + heldOut).sorted() == Array(texts.indices))
            #expect(Set(training.map { texts[$0] }).isDisjoint(with: heldOut.map { texts[$0] }))
            for label in 0..<3 { #expect((15...30).contains(heldOut.count { labels[$0] == label })) }
        }
        #expect(Folds(texts, labels, count: 5, seed: 1) == folds)
        #expect(Folds(texts, labels, count: 5, seed: 2) != folds)
    }

    private func search(_ c: [Double], leastTexts: [Int] = [2, 2, 2], budget: Duration? = nil) throws -> RecipeSearch {
        let (texts, labels) = Self.texts(240)
        let pipeline = try TextPipeline(preset: "plain")
        let candidates = zip(c, leastTexts).map { c, least in
            var recipe = LinearRecipe(.logistic, .word, pipeline)
            recipe.c = c
            recipe.features.minimumTexts = [least]
            return RecipeSearch.Candidate("C=\(c)", .linear(recipe))
        }
        var search = RecipeSearch(candidates, Folds(texts, labels, count: 4, seed: 1), within: budget) { $0.accuracy }
        search.run(texts, labels, names: ["a", "b", "c"]) { _, _ in }
        return search
    }

    @Test func theBestCandidateWinsAndAHopelessOneIsGivenUp() throws {
        let search = try search([1, 2], leastTexts: [2, 1000])
        #expect(search.best?.name == "C=1.0" && search.best?.mean ?? 0 > 0.95)
        #expect(search.candidates[1].isGivenUp && search.candidates[1].values.count == 2)
    }

    @Test func aBudgetEndsTheSearchAfterTheFirstCandidate() throws {
        let search = try search([1, 2, 3], budget: .zero)
        #expect(search.candidates.map(\.values.count) == [4, 0, 0])
        #expect(search.best?.name == "C=1.0")
    }

    @Test func textsWithSeveralLabelsAreResolved() {
        let texts = ["x", "y", "x", "x", "z", "y"]
        let labels = [0, 1, 1, 1, 0, 0]
        let conflicts = LabelConflicts(texts, labels)
        #expect(conflicts.count == 2)
        #expect(conflicts.majority(texts, labels) == [1, 1, 1, 1, 0, 1])
        #expect(conflicts.indicesWithout(texts) == [4])
        #expect(LabelConflicts(["x", "x"], [1, 1]).count == 0)
    }
}
