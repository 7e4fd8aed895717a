extension Report {
    /// Returns one GitHub workflow command for each problem; GitHub shows them on the pull request.
    ///
    /// Source: GitHub Actions, "Workflow commands".
    public func annotations() -> String {
        problems.map { finding in
            let level = finding.status == .warning ? "warning" : "error"
            let title = escapedProperty("pinson check: \(finding.target)")
            return "::\(level) title=\(title)::\(escapedData(finding.fullMessage))"
        }.joined(separator: "\n")
    }

    /// Returns the findings as a table in Markdown, for the summary of a workflow run.
    public func markdown() -> String {
        var names: [String] = []
        for finding in findings where finding.target != "baseline" && !names.contains(finding.target) {
            names.append(finding.target)
        }
        var text = "### \(escapedCell(verdict(targets: names)))\n\n"
        text += "| | target | measure | found | limit | used |\n|---|---|---|---:|---:|---:|\n"
        for finding in findings { text += row(finding) }
        for finding in problems {
            text += "\n- **\(escapedCell(finding.target))**: \(escapedCell(finding.fullMessage))"
        }
        return text + "\n"
    }

    /// One line of the table.
    private func row(_ finding: Finding) -> String {
        let mark =
            switch finding.status {
            case .pass: "✅"
            case .warning: "⚠️"
            case .violation: "❌"
            case .unmeasured: "❓"
            }
        let used = finding.used.map { MetricFormat.percent($0) } ?? ""
        return "| \(mark) | \(escapedCell(finding.target)) | \(finding.metric.title) "
            + "| \(escapedCell(finding.measured)) | \(escapedCell(finding.limit)) | \(used) |\n"
    }

    // MARK: - Escaping of characters that would end a command or a cell

    private func escapedData(_ text: String) -> String {
        escape(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
    }

    private func escapedProperty(_ text: String) -> String {
        escape(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
    }

    private func escapedCell(_ text: String) -> String {
        escape(text, ["|": "\\|", "\r": " ", "\n": " ", "<": "&lt;", "`": "\\`"])
    }

    /// Replaces scalars, not characters, because Swift counts a carriage return and a line feed as one character.
    private func escape(_ text: String, _ table: [Unicode.Scalar: String]) -> String {
        text.unicodeScalars.reduce(into: "") { $0 += table[$1] ?? String($1) }
    }
}
