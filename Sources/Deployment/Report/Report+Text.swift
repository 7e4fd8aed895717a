extension Report {
    /// A table with a bar for each limit that can be used up, then what is wrong in whole sentences.
    ///
    /// - Parameters:
    ///   - titles: each target's.
    ///   - isColoured: whether a terminal reads it.
    public func text(titles: [String: String], isColoured: Bool) -> String {
        func paint(_ text: String, _ code: Int) -> String { isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
        var lines = [paint(measurement.subject, 1)]
        for measure in Measure.allCases where measure.isBytes || measure == .startUp {
            guard let value = measurement[measure] else { continue }
            let remark = measurement.remarks[measure.rawValue].map { "  (\($0))" } ?? ""
            lines.append("  \(pad(measure.rawValue, 15)) \(pad(Quantity.exact(value, measure), -20))\(remark)")
        }
        var last = ""
        for finding in findings {
            if finding.target != last {
                last = finding.target
                lines.append("")
                lines.append("\(paint(last, 1))  \(titles[last] ?? "")")
            }
            let word =
                switch finding.status {
                case .pass: paint("ok  ", 32)
                case .warning: paint("warn", 33)
                case .violation: paint("FAIL", 31)
                case .unmeasured: paint("????", 31)
                }
            var line = "  \(word) \(pad(finding.measure.rawValue, 15)) "
            if let used = finding.used {
                line += "\(bar(used)) \(pad(Quantity.percent(used), -9))  \(finding.limit)"
            } else {
                line += "\(finding.measured)  (\(finding.limit))"
            }
            lines.append(line)
        }
        let wrong = findings.filter { $0.status != .pass }
        if !wrong.isEmpty { lines.append("") }
        for finding in wrong {
            lines.append("\(finding.target): \(finding.message)")
            if let suggestion = finding.suggestion { lines.append("    \(suggestion)") }
            lines.append("    Source: \(finding.source).")
        }
        return lines.joined(separator: "\n")
    }

    /// Twenty characters, one more when it overflows.
    private func bar(_ used: Double) -> String {
        let full = min(20, Int((used * 20).rounded(.up)))
        return String(repeating: "█", count: full) + String(repeating: "·", count: 20 - full) + (used > 1 ? "▶" : " ")
    }

    /// To the left, or with a negative width to the right.
    private func pad(_ text: String, _ width: Int) -> String {
        let spaces = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? spaces + text : text + spaces
    }
}
