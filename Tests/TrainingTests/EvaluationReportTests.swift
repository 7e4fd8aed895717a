import Testing

@testable import Training

@Suite struct EvaluationReportTests {
    private let hostile = "<\u{338}script>alert(1)</script>\u{0}\u{202E}\"'&"

    private func report(
        _ predictions: Predictions, text: String = "late again", other: Predictions? = nil,
        bootstrap: Bootstrap? = Bootstrap(resamples: 5),
        model: String = "model"
    ) throws -> EvaluationReport {
        let texts = predictions.truth.indices.map { "\(text) \($0)" }
        let evaluation = Evaluation(
            predictions, texts: texts, categories: predictions.truth.map { $0 == 0 ? text : nil }, bootstrap: bootstrap)
        let other = try other.map { other in
            EvaluationReport.OtherModel(
                name: "other \(text)", evaluation: Evaluation(other, texts: texts, bootstrap: nil),
                comparison: try Comparison(other, predictions, texts: texts, bootstrap: bootstrap))
        }
        return EvaluationReport(
            model: model, data: text, evaluation: evaluation, facts: [.init(text, text)], other: other,
            learningCurve: LearningCurve(
                metric: .accuracy,
                points: [.init(examples: 10, validation: 0.5, training: 1), .init(examples: 90, validation: 0.7)]))
    }

    private func everyReport() throws -> [String] {
        let two = Predictions.random(1, count: 60, labels: ["a", hostile])
        let many = (0..<12).map { "label \($0) \(hostile)" }
        let oneClass = Predictions(labels: ["a", "b"], truth: [0], predicted: [0], scores: [[0.9, 0.1]])
        let margins = Predictions(
            labels: ["a", "b"], truth: [0, 1], predicted: [0, 0], scores: [[2, -2], [1, -1]])
        return try [
            report(
                two, text: hostile, other: Predictions.random(1, count: 60, labels: ["a", hostile]), model: hostile),
            report(Predictions.random(2, count: 300, labels: many), text: hostile, bootstrap: nil),
            report(oneClass), report(margins, text: ""),
        ].map(\.html)
    }

    @Test func everyTagIsClosedInOrder() throws {
        for html in try everyReport() {
            var open: [Substring] = []
            for tag in html.matches(of: /<(\/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>/) {
                if ["meta", "link", "br"].contains(tag.2) || tag.3.hasSuffix("/") { continue }
                if tag.1.isEmpty { open.append(tag.2) } else { #expect(open.popLast() == tag.2) }
            }
            #expect(open.isEmpty)
        }
    }

    @Test func thePageNeedsNoOtherFileAndRunsNoScript() throws {
        for html in try everyReport() {
            #expect(!html.contains("<script") && !html.contains("src=") && !html.contains("http:"))
            #expect(!html.contains("https:") && !html.contains("@import") && !html.contains("url("))
            #expect(!html.contains(/<[^>]* on[a-z]+=/))
            #expect(html.contains("default-src 'none'"))
            #expect(!html.contains("NaN") && !html.contains("nan%") && !html.contains("inf%"))
        }
    }

    @Test func aHostileTextStaysText() throws {
        for html in try everyReport().prefix(2) {
            // A browser looks at scalars: "<" opens a tag even if a combining mark follows.
            let scalars = Array(html.unicodeScalars)
            let places = scalars.indices.filter { scalars[$0] == "<" }
            #expect(places.count > 100)
            for place in places {
                let next = scalars[place + 1]
                #expect(next == "/" || next == "!" || ("a"..."z").contains(next))
            }
            #expect(!scalars.contains("\u{0}"))
            #expect(html.unicodeScalars.count { $0 == "\u{338}" } > 5)  // so the text was there
        }
    }

    @Test func thePageTellsTheFiguresAndTheTest() throws {
        let predictions = Predictions(
            labels: ["negative", "positive"], truth: [0, 0, 1, 1], predicted: [0, 1, 1, 1],
            scores: [[0.9, 0.1], [0.3, 0.7], [0.4, 0.6], [0.2, 0.8]])
        let other = Predictions(
            labels: ["negative", "positive"], truth: [0, 0, 1, 1], predicted: [1, 1, 1, 0],
            scores: [[0.4, 0.6], [0.3, 0.7], [0.4, 0.6], [0.8, 0.2]])
        let html = try report(predictions, other: other).html
        #expect(html.contains("it answers 3 of 4 texts right: <strong>75.0\u{A0}%</strong>"))
        #expect(html.contains("<h3>Log loss</h3><p class=\"value\">0.511</p>"))
        #expect(html.contains("model is right more often, by 50.00 percentage points."))
        #expect(html.contains("p\u{A0}=\u{A0}0.500"))
        #expect(html.contains("late again 1</p><p class=\"note\">"))
        #expect(html.contains("<b>positive</b> answered, <b>negative</b> in the data"))
    }

    @Test func theFiguresWithoutAModelAreThoseOfConstantAnswers() {
        for labels in [["a", "b"], ["a", "b", "c"]] {
            let truth = [0, 0, 0, 1, 1, 0, labels.count - 1, 0]
            let shares = labels.indices.map { label in Double(truth.count { $0 == label }) / 8 }
            let constant = Metrics(
                Predictions(
                    labels: labels, truth: truth, predicted: truth.map { _ in 0 }, scores: truth.map { _ in shares }))
            for (metric, value) in constant.withoutModel { #expect(isNear(value, constant[metric]), "\(metric)") }
            #expect(constant.withoutModel.count == Metric.allCases.count - 1)
        }
    }
}
