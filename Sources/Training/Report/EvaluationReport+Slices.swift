extension EvaluationReport {
    /// Returns a table of the quality on parts of the data, or nil if there are none.
    func slices(_ slices: [EvaluationSlice], _ title: String, _ intro: String) -> String? {
        guard !slices.isEmpty else { return nil }
        let lowest = min(slices.map(\.interval.low).min() ?? 0, evaluation.metrics.accuracy)
        let axis = Axis("", lowest...1, count: 4, endsAtTicks: true)
        var groups: [String] = []
        for slice in slices where !groups.contains(slice.group) { groups.append(slice.group) }
        let bodies = groups.map { group in
            let rows = slices.filter { $0.group == group }.map { row($0, axis) }.joined(separator: "\n")
            return "<tbody class=\"group\">\(rows)</tbody>"
        }
        let ends = [axis.domain.lowerBound, axis.domain.upperBound].map(Figures.percent)
        let table = """
            <div class="card"><table class="slices">
            <thead><tr><th scope="col">Texts</th><th scope="col">Number</th><th scope="col">Right</th>\
            <th scope="col" class="wide"><span class="ends"><span>\(ends[0])</span><span>\(ends[1])</span></span></th>\
            <th scope="col" class="extra">Macro F1</th></tr></thead>
            \(bodies.joined(separator: "\n"))
            </table></div>
            """
        return section(title, intro, table)
    }

    private func row(_ slice: EvaluationSlice, _ axis: Axis) -> String {
        let overall = evaluation.metrics.accuracy
        // A color of its own marks the parts whose whole interval is on one side of the line.
        let color = slice.interval.high < overall ? 0 : slice.interval.low > overall ? 2 : 7
        let gauge = Gauge(
            start: axis.domain.lowerBound, end: axis.domain.upperBound, value: slice.accuracy, interval: slice.interval,
            reference: overall, color: color)
        return """
            <tr><th scope="row">\(slice.name.htmlEscaped)</th><td>\(Figures.count(slice.count))</td>\
            <td>\(Figures.percent(slice.accuracy, 1))</td><td class="wide">\(gauge.markup)</td>\
            <td class="extra">\(Figures.fixed(slice.macroF1))</td></tr>
            """
    }
}
