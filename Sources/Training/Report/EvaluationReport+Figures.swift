extension EvaluationReport {
    private var metrics: Metrics { evaluation.metrics }

    /// The names of the model and of the data, the most important sentence, and the facts.
    var header: String {
        let right = metrics.confusion.indices.reduce(0) { $0 + metrics.confusion[$1][$1] }
        let interval = evaluation.intervals?.overall[.accuracy].map { interval in
            " (between \(Figures.percent(interval.low, 1)) and \(Figures.percent(interval.high, 1)))"
        }
        let items = facts.map { "<div><dt>\($0.name.htmlEscaped)</dt><dd>\($0.value.htmlEscaped)</dd></div>" }.joined()
        return """
            <header>
            <h1>\(model.htmlEscaped)</h1>
            <p class="lead">On \(data.htmlEscaped), it answers \(Figures.count(right)) of \(Figures.count(metrics.count)) \
            texts right: <strong>\(Figures.percent(metrics.accuracy, 1))</strong>\(interval ?? "").</p>
            <dl class="facts">\(items)</dl>
            </header>
            """
    }

    /// The measures of the whole model as cards.
    var figures: String {
        let shown: [Metric] = [
            .accuracy, .macroF1, .rocAUC, .averagePrecision, .logLoss, .brier, .calibrationError, .matthews,
        ]
        let cards = shown.compactMap { metric in metrics[metric].map { card(metric, $0) } }.joined(separator: "\n")
        return section("Figures", aboutFigures, "<div class=\"figures\">\n\(cards)\n</div>")
    }

    private var aboutFigures: String {
        let gauge =
            "On each line, the left end is what somebody reaches who knows only how frequent each label is, "
            + "and the right end is perfect."
        guard let bootstrap = evaluation.intervals?.bootstrap else { return gauge }
        return gauge
            + " The band and the range hold \(Figures.percent(bootstrap.level)) of \(Figures.count(bootstrap.resamples)) "
            + "resamples of the texts."
    }

    private func card(_ metric: Metric, _ value: Double) -> String {
        let interval = evaluation.intervals?.overall[metric]
        // Answers at random are well calibrated, so the line of the calibration error begins at a large error instead.
        let start = metric == .calibrationError ? 0.2 : metrics.withoutModel[metric] ?? 0
        let gauge = Gauge(start: start, end: metric.isLoss ? 0 : 1, value: value, interval: interval)
        let hint =
            metric == .calibrationError ? "0 is perfect" : "without a model \(Figures.fixed(start, start == 0 ? 0 : 3))"
        return """
            <div class="card"><h3>\(title(of: metric))</h3><p class="value">\(Figures.fixed(value))</p>\
            <p class="range">\(interval.map { Figures.range($0) } ?? "")</p>\(gauge.markup)\
            <p class="hint">\(hint)\(metric.isLoss && metric != .calibrationError ? ", perfect 0" : "")</p></div>
            """
    }

    /// The name of a measure, with the label that it is about.
    func title(of metric: Metric) -> String {
        guard metric == .rocAUC || metric == .averagePrecision else { return metric.title }
        return metric.title + " <small>(\(metrics.positive.map { $0.shortened(to: 16).htmlEscaped } ?? "mean"))</small>"
    }
}
