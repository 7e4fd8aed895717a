extension EvaluationReport {
    /// The most lines that one chart has; more could not be told apart.
    private static let mostLines = 8

    /// The ROC, precision-recall and reliability charts.
    var curves: String {
        section(
            "Scores", "How well the scores order the texts, and whether they can be read as probabilities.",
            "<div class=\"grid\">\n\([roc, precisionRecall, reliability].compactMap { $0 }.joined(separator: "\n"))\n</div>"
        )
    }

    /// Returns a chart with its heading and one sentence that says how to read it.
    func figure(_ title: String, _ caption: String, _ chart: String, legend: [String] = []) -> String {
        let items = legend.map { "<li>\($0)</li>" }.joined()
        let list = legend.isEmpty ? "" : "<ul class=\"legend\">\(items)</ul>"
        return "<figure class=\"card\"><h3>\(title)</h3><figcaption>\(caption)</figcaption>\(chart)\(list)</figure>"
    }

    /// Returns a line of a legend: a color, a name and a value.
    func key(_ color: Int, _ name: String, _ value: Double?) -> String {
        let value = value.map { " <b>\(Figures.fixed($0))</b>" } ?? ""
        return "<span class=\"swatch s\(color)\"></span>\(name.shortened(to: 28).htmlEscaped)\(value)"
    }

    private var shownCurves: [Evaluation.LabelCurves] { Array(evaluation.curves.prefix(Self.mostLines)) }

    private func share(_ title: String) -> Axis { Axis(title, 0...1) }

    private var roc: String? {
        let (lines, legend) = lines(\.roc, \.auc, .rocAUC)
        guard !lines.isEmpty else { return nil }
        let chart = LineChart(
            x: share("False positive rate"), y: share("True positive rate"),
            reference: (.init(x: 0, y: 0), .init(x: 1, y: 1)), lines: lines,
            marks: marks { ($0.falsePositives, $0.recall) })
        return figure(
            "ROC curve", "The closer to the upper left corner, the better. The ring is the threshold in use.",
            chart.markup(label: "ROC curve"), legend: legend)
    }

    private var precisionRecall: String? {
        let (lines, legend) = lines(\.precisionRecall, \.averagePrecision, .averagePrecision)
        guard !lines.isEmpty else { return nil }
        let base = evaluation.metrics.positive == nil ? nil : evaluation.metrics.withoutModel[.averagePrecision]
        let chart = LineChart(
            x: share("Recall"), y: share("Precision"),
            reference: base.map { (.init(x: 0, y: $0), .init(x: 1, y: $0)) }, lines: lines,
            marks: marks { ($0.recall, $0.precision) })
        return figure(
            "Precision and recall",
            "The closer to the upper right corner, the better. The ring is the threshold in use.",
            chart.markup(label: "Precision-recall curve"), legend: legend)
    }

    /// Returns the lines of all labels and of the other model, and their legend.
    private func lines(
        _ curve: KeyPath<Evaluation.LabelCurves, Curve?>, _ area: KeyPath<Metrics.PerLabel, Double?>, _ metric: Metric
    ) -> (lines: [LineChart.Line], legend: [String]) {
        var lines: [LineChart.Line] = []
        var legend: [String] = []
        let isSingle = evaluation.curves.count == 1
        if isSingle, let other, let drawn = other.evaluation.curves.first?[keyPath: curve] {
            lines.append(LineChart.Line(name: other.name, points: drawn.places, color: 7, isDashed: true))
            legend.append(key(7, other.name, other.evaluation.metrics[metric]))
        }
        for (color, label) in shownCurves.enumerated() {
            guard let drawn = label[keyPath: curve] else { continue }
            let name = isSingle ? (other == nil ? label.label : model) : label.label
            let value = evaluation.metrics.perLabel.first { $0.label == label.label }?[keyPath: area]
            lines.append(LineChart.Line(name: name, points: drawn.places, color: color, hasArea: isSingle))
            legend.insert(key(color, name, value), at: isSingle ? 0 : legend.count)
        }
        return (lines, legend)
    }

    /// The rates of a label at the threshold in use.
    private struct Rates {
        var precision: Double
        var recall: Double
        var falsePositives: Double
    }

    private func marks(_ place: (Rates) -> (x: Double, y: Double)) -> [LineChart.Mark] {
        let metrics = evaluation.metrics
        return shownCurves.enumerated().compactMap { color, curves in
            guard let index = metrics.perLabel.firstIndex(where: { $0.label == curves.label }), curves.roc != nil else {
                return nil
            }
            let label = metrics.perLabel[index]
            let claimed = metrics.confusion.reduce(0) { $0 + $1[index] }
            let wrong = claimed - metrics.confusion[index][index]
            let rates = Rates(
                precision: label.precision, recall: label.recall,
                falsePositives: Double(wrong) / Double(metrics.count - label.support))
            let point = place(rates)
            let name =
                "\(label.label): precision \(Figures.fixed(label.precision)), recall \(Figures.fixed(label.recall))"
            return LineChart.Mark(name: name, point: .init(x: point.x, y: point.y), color: color)
        }
    }

    private var reliability: String? {
        let positive = evaluation.metrics.positive
        guard let curve = positive == nil ? evaluation.reliability : evaluation.curves.first?.reliability else {
            return nil
        }
        let name = positive.map { "‘\($0.shortened(to: 14))’" }
        let largest = Double(curve.bins.map(\.count).max() ?? 1)
        let line = LineChart.Line(
            name: "share", points: curve.bins.map { .init(x: $0.meanScore, y: $0.positiveShare) }, color: 1,
            intervals: curve.bins.map {
                Interval(share: Int(($0.positiveShare * Double($0.count)).rounded()), of: $0.count)
            }, hasDots: true)
        let chart = LineChart(
            x: share(name.map { "Probability of \($0)" } ?? "Probability of the answer"),
            y: share(name.map { "Share of \($0)" } ?? "Share of right answers"),
            reference: (.init(x: 0, y: 0), .init(x: 1, y: 1)),
            columns: curve.bins.map { bin in
                let range = "\(Figures.fixed(bin.low, 2)) to \(Figures.fixed(bin.high, 2))"
                return .init(
                    range: bin.low...bin.high, height: Double(bin.count) / largest,
                    title: "\(Figures.count(bin.count)) texts from \(range)")
            }, lines: [line])
        return figure(
            "Calibration",
            "On the diagonal, the probabilities mean what they say; below it, they promise too much. The columns show how "
                + "many texts got each probability.", chart.markup(label: "Reliability curve"))
    }
}

extension Curve {
    /// The points of the curve as places of a chart.
    fileprivate var places: [SVG.Point] { zip(x, y).map { SVG.Point(x: $0, y: $1) } }
}
