extension Report {
    /// Workflow commands that GitHub shows on the pull request.
    public func annotations() -> String {
        findings.filter { $0.status != .pass }.map { finding in
            let level = finding.status == .warning ? "warning" : "error"
            let message = finding.message + (finding.suggestion.map { " \($0)" } ?? "")
            return "::\(level) title=\(property("pinson check: \(finding.target)"))::\(data(message))"
        }.joined(separator: "\n")
    }

    /// The table, for the summary of a workflow run.
    public func markdown() -> String {
        var text =
            "### \(cell(measurement.subject))\n\n| | target | measure | found | limit | used |\n|---|---|---|---:|---:|---:|\n"
        for finding in findings {
            let mark =
                switch finding.status {
                case .pass: "✅"
                case .warning: "⚠️"
                case .violation: "❌"
                case .unmeasured: "❓"
                }
            let used = finding.used.map { Quantity.percent($0) } ?? ""
            text += "| \(mark) | \(cell(finding.target)) | \(finding.measure.rawValue) | \(cell(finding.measured)) "
            text += "| \(cell(finding.limit)) | \(used) |\n"
        }
        for finding in findings where finding.status != .pass {
            text += "\n- **\(cell(finding.target))**: \(cell(finding.message))"
            if let suggestion = finding.suggestion { text += " \(cell(suggestion))" }
        }
        return text + "\n"
    }

    // What would end a command, or a cell, is written otherwise.

    private func data(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }

    private func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ").replacing("<", with: "&lt;")
    }
}
