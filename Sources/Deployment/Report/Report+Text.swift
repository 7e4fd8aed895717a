extension Report {
    /// Returns the report as text for a terminal: the verdict, the measurements, a table of the targets if there are
    /// several, and then everything that needs attention.
    ///
    /// - Parameters:
    ///   - targets: The names and titles of all targets, in order.
    ///   - style: The width and the looks.
    /// - Returns: The text, without a line break at its end.
    public func text(targets: [(name: String, title: String)], style: TextStyle = TextStyle()) -> String {
        var lines = style.wrap(verdict(targets: targets.map(\.name)), indent: 0).map(style.bold) + [""]
        lines += measurementLines(style)
        let results = targets.map { TargetResult(name: $0.name, findings: findings(of: $0.name)) }
        if results.count > 1, !style.isVerbose { lines += [""] + results.map { summary($0, results, style) } }
        let baseline = TargetResult(name: "baseline", findings: findings(of: "baseline"))
        let titles = Dictionary(targets.map { ($0.name, $0.title) }) { first, _ in first }
        for result in results + [baseline] { lines += details(result, titles[result.name] ?? "", style) }
        let hidden = findings.count { $0.status == .pass }
        if !style.isVerbose, hidden > 0 {
            lines +=
                [""]
                + style.wrap("\(hidden == 1 ? "1 limit holds" : "\(hidden) limits hold"); -v shows each.", indent: 0)
        }
        return lines.joined(separator: "\n")
    }

    /// The numbers that were measured, in words.
    private func measurementLines(_ style: TextStyle) -> [String] {
        func line(_ name: String, _ metric: Metric, _ text: String?) -> [String] {
            let remark = measurements.remarks[metric.rawValue]
            guard let text = text ?? remark.map({ _ in "not measured" }) else { return [] }
            let value = remark.map { "\(text) (\($0))" } ?? text
            let start = "  \(name)" + String(repeating: " ", count: max(2, 18 - name.count))
            let lines = style.wrap(value, indent: start.count)
            return ["\(start)\(lines[0].dropFirst(start.count))"] + lines.dropFirst()
        }
        func plain(_ metric: Metric) -> [String] {
            line(metric.title, metric, measurements[metric].map { MetricFormat.text($0, metric) })
        }
        let load = measurements[.resident].map { MetricFormat.text($0, .resident) }
        let idle = measurements[.residentIdle].map { MetricFormat.text($0, .residentIdle) }
        let memory = load.map { load in idle.map { "\($0) after one answer, \(load) under load" } ?? load }
        return plain(.compressed) + plain(.unpacked) + plain(.largestLayer) + plain(.fileInGit)
            + line("memory", .resident, memory) + plain(.startUp)
    }

    /// One line of the table of targets: the status, and the limit that decides.
    private func summary(_ result: TargetResult, _ all: [TargetResult], _ style: TextStyle) -> String {
        let width = all.map(\.name.count).max() ?? 0
        var cells = [(result.name, width)]
        if let finding = result.decisive {
            cells += [(finding.metric.title, 17)] + comparison(finding, style)
        } else {
            cells.append(("no limit is known", 0))
        }
        return "  \(style.status(result.status)) " + style.row(after: 7, essential: 1, cells)
    }

    /// The findings about one target: all of them, or those that need attention.
    private func details(_ result: TargetResult, _ title: String, _ style: TextStyle) -> [String] {
        let shown = result.findings.filter { style.isVerbose || $0.status != .pass }
        guard !shown.isEmpty || style.isVerbose && result.name != "baseline" else { return [] }
        var lines = ["", style.row(after: 0, essential: 1, [(result.name, 0), (title, 0)])]
        lines[1] = style.bold(result.name) + lines[1].dropFirst(result.name.count)
        if shown.isEmpty { lines.append("  No limit is known.") }
        for finding in shown {
            let cells = [(finding.metric.title, 17)] + comparison(finding, style)
            lines.append("  \(style.status(finding.status)) " + style.row(after: 7, essential: 1, cells))
            guard finding.status != .pass else { continue }
            lines += style.wrap(finding.message, indent: 7)
            if let suggestion = finding.suggestion { lines += style.wrap(suggestion, indent: 7) }
            lines += style.wrap("Source: \(finding.source).", indent: 7)
        }
        return lines
    }

    /// The measurement and the limit as cells of a row.
    private func comparison(_ finding: Finding, _ style: TextStyle) -> [(String, Int)] {
        guard let used = finding.used, let max = finding.max else {
            return [(finding.measured == "-" ? "not measured" : "\(finding.measured) (\(finding.limit))", 0)]
        }
        let limit =
            finding.target == "baseline"
            ? MetricFormat.text(max, finding.metric) : MetricFormat.limit(max, finding.metric)
        return [(MetricFormat.percent(used), -6), ("\(finding.measured) of \(limit)", 20), (style.bar(used), 0)]
    }
}
