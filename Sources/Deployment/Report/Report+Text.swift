extension Report {
    /// Returns the report as text for a terminal: a table with a bar for each numeric limit, then every problem in full.
    ///
    /// - Parameters:
    ///   - titles: The title of each target, by name.
    ///   - isColoured: Whether to add ANSI colour codes.
    /// - Returns: The text, without a line break at its end.
    public func text(titles: [String: String], isColoured: Bool) -> String {
        let paint = Paint(isOn: isColoured)
        let lines = [paint.bold(measurements.subject)] + numberLines + tableLines(titles, paint) + problemLines
        return lines.joined(separator: "\n")
    }

    /// One line for each number that was measured.
    private var numberLines: [String] {
        Metric.allCases.filter { $0.isBytes || $0 == .startUp }.compactMap { metric in
            guard let value = measurements[metric] else { return nil }
            let remark = measurements.remarks[metric.rawValue].map { "  (\($0))" } ?? ""
            return "  \(pad(metric.rawValue, 15)) \(pad(MetricFormat.exact(value, metric), -20))\(remark)"
        }
    }

    /// One line for each finding, with a heading before each target.
    private func tableLines(_ titles: [String: String], _ paint: Paint) -> [String] {
        var lines: [String] = []
        var target = ""
        for finding in findings {
            if finding.target != target {
                target = finding.target
                lines += ["", "\(paint.bold(target))  \(titles[target] ?? "")"]
            }
            var line = "  \(paint.status(finding.status)) \(pad(finding.metric.rawValue, 15)) "
            if let used = finding.used {
                line += "\(bar(used)) \(pad(MetricFormat.percent(used), -9))  \(finding.limit)"
            } else {
                line += "\(finding.measured)  (\(finding.limit))"
            }
            lines.append(line)
        }
        return lines
    }

    /// The message, suggestion and source of each problem.
    private var problemLines: [String] {
        let lines = problems.flatMap { finding in
            ["\(finding.target): \(finding.message)"] + (finding.suggestion.map { ["    \($0)"] } ?? [])
                + ["    Source: \(finding.source)."]
        }
        return lines.isEmpty ? [] : [""] + lines
    }

    /// A bar of 20 characters, and an arrow after it if more than the limit is used.
    private func bar(_ used: Double) -> String {
        let full = min(20, Int((used * 20).rounded(.up)))
        return String(repeating: "█", count: full) + String(repeating: "·", count: 20 - full) + (used > 1 ? "▶" : " ")
    }

    /// Pads with spaces on the right, or on the left if the width is negative.
    private func pad(_ text: String, _ width: Int) -> String {
        let spaces = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? spaces + text : text + spaces
    }
}

/// The colours of a terminal, or none.
private struct Paint {
    /// Whether the codes are added.
    let isOn: Bool

    func bold(_ text: String) -> String { paint(text, 1) }

    /// The word for a status, four characters wide.
    func status(_ status: Finding.Status) -> String {
        switch status {
        case .pass: paint("ok  ", 32)
        case .warning: paint("warn", 33)
        case .violation: paint("FAIL", 31)
        case .unmeasured: paint("????", 31)
        }
    }

    /// Wraps the text in an ANSI escape sequence.
    private func paint(_ text: String, _ code: Int) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
