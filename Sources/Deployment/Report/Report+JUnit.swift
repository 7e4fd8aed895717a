extension Report {
    /// Returns the findings as JUnit XML, with one test suite for each target and one test case for each limit.
    public func junit() -> String {
        var targets: [String] = []
        for finding in findings where !targets.contains(finding.target) { targets.append(finding.target) }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"pinson check\">\n"
            + targets.map { suite($0) }.joined() + "</testsuites>"
    }

    /// All findings about one target.
    private func suite(_ target: String) -> String {
        let cases = findings.filter { $0.target == target }
        let failures = cases.count { $0.status == .violation }
        let errors = cases.count { $0.status == .unmeasured }
        return "  <testsuite name=\(quoted(target)) tests=\"\(cases.count)\" failures=\"\(failures)\" "
            + "errors=\"\(errors)\">\n" + cases.map { testCase($0) }.joined() + "  </testsuite>\n"
    }

    /// One finding: an exceeded limit is a failure, and a missing measurement is an error.
    private func testCase(_ finding: Finding) -> String {
        let className = quoted("\(finding.target): \(measurements.subject)")
        let start = "    <testcase classname=\(className) name=\(quoted(finding.metric.rawValue))"
        let suggestion = finding.suggestion.map { "\n\($0)" } ?? ""
        let details = escaped("\(finding.message)\(suggestion)\nSource: \(finding.source)")
        let message = quoted(finding.message)
        return switch finding.status {
        case .pass: "\(start)/>\n"
        case .violation: "\(start)><failure message=\(message)>\(details)</failure></testcase>\n"
        case .unmeasured: "\(start)><error message=\(message)>\(details)</error></testcase>\n"
        case .warning: "\(start)><system-out>\(details)</system-out></testcase>\n"
        }
    }

    /// An attribute value in quotation marks.
    private func quoted(_ text: String) -> String { "\"\(escaped(text).replacing("\n", with: "&#10;"))\"" }

    /// The text without the control characters that XML does not allow, and with markup characters escaped.
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
