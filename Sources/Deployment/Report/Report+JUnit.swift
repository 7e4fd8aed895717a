extension Report {
    /// One suite a target, one case a limit, as build servers read it.
    public func junit() -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"pinson check\">\n"
        var targets: [String] = []
        for finding in findings where !targets.contains(finding.target) { targets.append(finding.target) }
        for target in targets {
            let cases = findings.filter { $0.target == target }
            let failures = cases.count { $0.status == .violation }
            let errors = cases.count { $0.status == .unmeasured }
            text +=
                "  <testsuite name=\(quoted(target)) tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\">\n"
            for finding in cases {
                let name =
                    "    <testcase classname=\(quoted("\(target): \(measurement.subject)")) name=\(quoted(finding.measure.rawValue))"
                let story = escaped(
                    finding.message + (finding.suggestion.map { "\n\($0)" } ?? "") + "\nSource: \(finding.source)")
                switch finding.status {
                case .pass: text += "\(name)/>\n"
                case .violation:
                    text += "\(name)><failure message=\(quoted(finding.message))>\(story)</failure></testcase>\n"
                case .unmeasured:
                    text += "\(name)><error message=\(quoted(finding.message))>\(story)</error></testcase>\n"
                case .warning: text += "\(name)><system-out>\(story)</system-out></testcase>\n"
                }
            }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>"
    }

    private func quoted(_ text: String) -> String { "\"\(escaped(text).replacing("\n", with: "&#10;"))\"" }

    private func escaped(_ text: String) -> String {
        text.unicodeScalars.filter { $0.value >= 0x20 || $0 == "\n" || $0 == "\t" }.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
