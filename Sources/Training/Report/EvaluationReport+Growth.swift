extension EvaluationReport {
    /// The learning curve, or nil if there is none.
    var growth: String? {
        guard let learningCurve, let first = learningCurve.points.first, let last = learningCurve.points.last,
            first.examples > 0
        else { return nil }
        let points = learningCurve.points
        func line(_ name: String, _ color: Int, _ value: (LearningCurve.Point) -> Double?) -> LineChart.Line {
            let places = points.compactMap { point in value(point).map { SVG.Point(x: Double(point.examples), y: $0) } }
            return LineChart.Line(name: name, points: places, color: color, hasDots: true)
        }
        var validation = line("new texts", 0, \.validation)
        validation.intervals = points.map(\.interval)
        let training = line("training texts", 1, \.training)
        let lines = training.points.isEmpty ? [validation] : [training, validation]
        let values = lines.flatMap(\.points).map(\.y) + points.compactMap(\.interval).flatMap { [$0.low, $0.high] }
        let chart = LineChart(
            x: Axis(logarithmic: "Training texts", Double(first.examples)...Double(last.examples)),
            y: Axis(
                learningCurve.metric.title, (values.min() ?? 0)...(values.max() ?? 1), count: 5, endsAtTicks: true),
            lines: lines)
        return section(
            "Learning curve",
            "If the curve of new texts still rises at its right end, more data will help. A wide gap between the two curves "
                + "means that the model has learned its training texts by heart.",
            "<div class=\"split\">"
                + figure(
                    learningCurve.metric.title, "Each step to the right multiplies the number of training texts.",
                    chart.markup(label: "Learning curve"),
                    legend: lines.reversed().map { key($0.color, $0.name, $0.points.last?.y) })
                + growthTable(points) + "</div>")
    }

    private func growthTable(_ points: [LearningCurve.Point]) -> String {
        let rows = points.map { point in
            "<tr><th scope=\"row\">\(Figures.count(point.examples))</th><td>\(Figures.fixed(point.validation))</td>"
                + "<td class=\"extra soft\">\(point.interval.map { Figures.range($0) } ?? "")</td>"
                + "<td>\(point.training.map { Figures.fixed($0) } ?? "–")</td></tr>"
        }
        return """
            <div class="card"><table><thead><tr><th scope="col">Number of training texts</th><th scope="col">New texts</th>\
            <th scope="col" class="extra">Interval</th><th scope="col">Training texts</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
            """
    }
}
