import Testing

@testable import Training

@Suite struct EvaluationSliceTests {
    private let texts = [
        "ok", "SO late again", "I don’t care @AirParadis", "great \u{1F60D}", "never again http://t.co/x",
        "Спасибо", "fine flight, nice crew #happy", "ありがとう東京",
    ]

    private var predictions: Predictions {
        Predictions(
            labels: ["negative", "positive"], truth: [1, 0, 0, 1, 0, 1, 1, 1], predicted: [1, 0, 1, 1, 0, 1, 1, 0],
            scores: [[Double]](repeating: [0.4, 0.6], count: 8))
    }

    @Test(arguments: [
        ("Emoji", "with emoji", 1), ("Negation", "with a negation (English)", 2), ("Mention", "with a mention", 1),
        ("Hashtag", "with a hashtag", 1), ("Link", "with a link", 1), ("Capitals", "with a word in capitals", 1),
        ("Script", "Latin", 6), ("Script", "Cyrillic", 1), ("Script", "Japanese", 1),
    ])
    func aSliceHoldsTheTextsWithItsTrait(group: String, name: String, count: Int) {
        let slices = EvaluationSlice.all(predictions, texts: texts)
        #expect(slices.first { $0.group == group && $0.name == name }?.count == count)
    }

    @Test func theSlicesOfAGroupHoldEachExampleOnce() {
        let slices = EvaluationSlice.all(predictions, texts: texts)
        for group in Set(slices.map(\.group)) {
            #expect(slices.filter { $0.group == group }.reduce(0) { $0 + $1.count } == texts.count, "\(group)")
        }
    }

    @Test func theQuartersOfTheLengthNameTheirBounds() {
        // The lengths are 2, 7, 7, 7, 13, 24, 25 and 29, and equal lengths stay together.
        let lengths = EvaluationSlice.all(predictions, texts: texts).filter { $0.group == "Length" }
        #expect(lengths.map(\.name) == ["2–7 characters", "13–24 characters", "25–29 characters"])
        #expect(lengths.map(\.count) == [4, 2, 2])
    }

    @Test func aSliceIsMeasuredOnItsExamplesOnly() throws {
        let slice = EvaluationSlice(group: "g", name: "n", predictions, examples: [1, 2, 4])
        #expect(slice.accuracy == 2.0 / 3)
        #expect(slice.macroF1 == 0.4)  // F1 is 0.8 for negative, and 0 for positive, which is only predicted
        #expect(slice.interval == Interval(share: 2, of: 3))
    }

    @Test func aGroupWithOneSliceIsLeftOut() {
        let slices = EvaluationSlice.all(predictions.selecting([0, 1]), texts: ["late", "fine"])
        #expect(slices.isEmpty)
    }

    @Test func categoriesKeepTheirOrderAndSkipExamplesWithoutOne() {
        let slices = EvaluationSlice.categories(
            predictions, ["sarcasm", nil, "irony", "sarcasm", nil, "irony", "irony", nil])
        #expect(slices.map(\.name) == ["sarcasm", "irony"])
        #expect(slices.map(\.count) == [2, 3])
        #expect(slices.map(\.accuracy) == [1, 2.0 / 3])
    }

    @Test func theWorstMistakesAreTheMostConfidentOnes() {
        let predictions = Predictions(
            labels: ["a", "b"], truth: [0, 1, 1, 0], predicted: [1, 0, 1, 1],
            scores: [[0.3, 0.7], [0.9, 0.1], [0.2, 0.8], [0.3, 0.7]])
        let mistakes = predictions.worstMistakes(texts: ["w", "x", "y", "z"], limit: 2)
        #expect(mistakes.map(\.text) == ["x", "w"])
        #expect(mistakes[0].predicted == "a" && mistakes[0].truth == "b")
        #expect(mistakes[0].confidence == 0.9 && mistakes[0].truthScore == 0.1)
    }
}
