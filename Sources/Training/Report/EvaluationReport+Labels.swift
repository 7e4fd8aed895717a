extension EvaluationReport {
    /// The confusion matrix and the measures of each label.
    var labels: String {
        section(
            "Labels", "What each label is taken for, and how precise and complete its predictions are.",
            "<div class=\"split\">\n\(confusion)\n<div class=\"card\">\(table)\(confusions)</div>\n</div>")
    }

    private var confusion: String {
        let names = evaluation.metrics.perLabel.map(\.label)
        let map = HeatMap(
            rowTitle: "True label", columnTitle: "Predicted label", names: names, counts: evaluation.metrics.confusion)
        return figure(
            "Confusion", "Each row adds up to 100 %. Blue is right, red is wrong.",
            map.markup(label: "Confusion matrix"))
    }

    private var table: String {
        let metrics = evaluation.metrics
        let columns: [(name: String, metric: LabelMetric)] = [
            ("Precision", .precision), ("Recall", .recall), ("F1", .f1), ("ROC AUC", .auc),
            ("PR AUC", .averagePrecision),
        ]
        let head = columns.map { "<th scope=\"col\">\($0.name)</th>" }.joined()
        let rows = metrics.perLabel.enumerated().map { index, label in
            let cells = columns.map { column in
                cell(label[column.metric], evaluation.intervals?.perLabel[index][column.metric])
            }.joined()
            return
                "<tr><th scope=\"row\">\(label.label.htmlEscaped)</th>\(cells)<td>\(Figures.count(label.support))</td></tr>"
        }
        func mean(_ name: String, _ values: [Double]) -> String {
            let cells = values.map { cell($0, nil) }.joined()
            return
                "<tr><th scope=\"row\">\(name)</th>\(cells)<td></td><td></td><td>\(Figures.count(metrics.count))</td></tr>"
        }
        return """
            <h3>Per label</h3>
            <div class="scroll"><table>
            <thead><tr><th scope="col">Label</th>\(head)<th scope="col">Texts</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody>
            <tfoot>\(mean("mean", [metrics.macroPrecision, metrics.macroRecall, metrics.macroF1]))
            \(mean("weighted", [metrics.weightedPrecision, metrics.weightedRecall, metrics.weightedF1]))</tfoot>
            </table></div>
            """
    }

    private func cell(_ value: Double?, _ interval: Interval?) -> String {
        guard let value else { return "<td>–</td>" }
        return "<td>\(Figures.fixed(value))\(interval.map { "<small>\(Figures.range($0))</small>" } ?? "")</td>"
    }

    /// The pairs of labels that are confused most often, which only tell something if there are more than two labels.
    private var confusions: String {
        let metrics = evaluation.metrics
        guard metrics.perLabel.count > 2 else { return "" }
        let pairs = metrics.perLabel.indices.flatMap { row in
            metrics.perLabel.indices.filter { $0 != row && metrics.confusion[row][$0] > 0 }
                .map { (row: row, column: $0, count: metrics.confusion[row][$0]) }
        }
        let bars = pairs.sorted { ($1.count, $0.row, $0.column) < ($0.count, $1.row, $1.column) }.prefix(6).map {
            pair in
            let names = [pair.row, pair.column].map { metrics.perLabel[$0].label.shortened(to: 12) }
            return BarChart.Bar(
                name: names.joined(separator: " → "), value: Double(pair.count), label: Figures.count(pair.count))
        }
        return bars.isEmpty
            ? ""
            : "<h3 class=\"below\">Most frequent mistakes (true label → answer)</h3>"
                + "<div class=\"bars\">\(BarChart(bars: bars).markup(label: "Most frequent mistakes"))</div>"
    }
}
