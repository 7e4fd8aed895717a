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

    // By scalars, as a carriage return and a new line are one character to a string.

    private func data(_ text: String) -> String {
        escape(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
    }

    private func property(_ text: String) -> String {
        escape(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
    }

    private func cell(_ text: String) -> String {
        escape(text, ["|": "\\|", "\r": " ", "\n": " ", "<": "&lt;", "`": "\\`"])
    }

    private func escape(_ text: String, _ table: [Unicode.Scalar: String]) -> String {
        text.unicodeScalars.reduce(into: "") { $0 += table[$1] ?? String($1) }
    }
}
