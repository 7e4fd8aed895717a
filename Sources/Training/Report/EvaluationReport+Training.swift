extension EvaluationReport {
    /// The curve of the training, or nil if there is none.
    var training: String? {
        guard let curve = trainingCurve, curve.losses.count > 1, curve.losses.allSatisfy(\.isFinite) else { return nil }
        func line(_ name: String, _ color: Int, _ points: [TrainingCurve.Point], hasDots: Bool) -> LineChart.Line {
            LineChart.Line(
                name: name, points: points.map { SVG.Point(x: Double($0.step), y: $0.loss) }, color: color,
                hasDots: hasDots)
        }
        var lines = [line("training texts", 1, curve.means(100), hasDots: false)]
        if !curve.validation.isEmpty { lines.insert(line("new texts", 0, curve.validation, hasDots: true), at: 0) }
        let values = lines.flatMap(\.points).map(\.y)
        let chart = LineChart(
            x: Axis("Step", 0...Double(curve.losses.count)),
            y: Axis("Loss", 0...(values.max() ?? 1), count: 5, endsAtTicks: true), lines: lines)
        return section(
            "Training",
            "The loss of the training texts falls from step to step. If the loss of new texts rises while that of the training "
                + "texts falls, the model learns its texts by heart, and fewer epochs are enough.",
            "<div class=\"split\">"
                + figure(
                    "Loss", "Each point of the training texts is the mean of many steps.",
                    chart.markup(label: "Loss during the training"),
                    legend: lines.reversed().map { key($0.color, $0.name, $0.points.last?.y) }) + epochTable(curve)
                + "</div>")
    }

    /// The loss after each epoch.
    private func epochTable(_ curve: TrainingCurve) -> String {
        var start = 0
        let rows = curve.validation.map { point in
            let losses = curve.losses[start..<max(start, min(point.step, curve.losses.count))]
            start = losses.endIndex
            let mean = losses.reduce(0, +) / Double(max(1, losses.count))
            return "<tr><th scope=\"row\">\(Figures.count(point.step))</th><td>\(Figures.fixed(mean))</td>"
                + "<td>\(Figures.fixed(point.loss))</td></tr>"
        }
        return """
            <div class="card"><table><thead><tr><th scope="col">Step</th><th scope="col">Training texts</th>\
            <th scope="col">New texts</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
            """
    }
}
