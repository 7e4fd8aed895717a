extension Report {
    /// Says in one sentence whether the image fits, and by how much it does not.
    ///
    /// - Parameter targets: The names of all targets, also of those that set no limit.
    /// - Returns: The sentence.
    public func verdict(targets: [String]) -> String {
        let results = targets.map { TargetResult(name: $0, findings: findings(of: $0)) }
        let growth = findings(of: "baseline").filter { $0.status == .violation }
        let suffix = growth.isEmpty ? "" : "; it has grown too much since \(growth[0].source)"
        return "\(measurements.subject) \(clauses(results))\(suffix)."
    }

    /// The findings about one target.
    func findings(of target: String) -> [Finding] { findings.filter { $0.target == target } }

    private func clauses(_ results: [TargetResult]) -> String {
        func with(_ statuses: Finding.Status...) -> [TargetResult] {
            results.filter { statuses.contains($0.status) }
        }
        let (fitting, failing) = (with(.pass, .warning), with(.violation))
        let unknown = with(.unmeasured)
        let warnings = results.flatMap(\.findings).count { $0.status == .warning }
        var parts: [String] = []
        if fitting.count == results.count {
            parts.append(results.count == 1 ? "fits \(results[0].name)" : "fits all \(results.count) targets")
        } else if results.count > 1 {
            parts.append("fits \(fitting.count) of \(results.count) targets")
        }
        if !failing.isEmpty { parts.append("fails \(list(failing.map(\.failure)))") }
        if !unknown.isEmpty {
            parts.append("could not be measured for \(list(unknown.map(\.name)))")
        }
        if warnings > 0 { parts.append(warnings == 1 ? "1 warning" : "\(warnings) warnings") }
        return parts.isEmpty ? "was compared" : parts.joined(separator: "; ")
    }

    /// Names joined by commas, with `and` before the last one; of many names, the first few.
    private func list(_ names: [String]) -> String {
        if names.count > 5 { return "\(names.prefix(3).joined(separator: ", ")) and \(names.count - 3) more" }
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return "\(names.dropLast().joined(separator: ", ")) and \(last)"
    }
}

/// All findings about one target.
struct TargetResult {
    let name: String
    let findings: [Finding]

    /// The most severe status of the findings.
    var status: Finding.Status {
        [.violation, .unmeasured, .warning].first { status in findings.contains { $0.status == status } } ?? .pass
    }

    /// The finding that decides: the worst one, or else the one of which the most is used.
    var decisive: Finding? {
        let worst = findings.filter { $0.status == status }
        return worst.max { ($0.used ?? 0) < ($1.used ?? 0) }
    }

    /// The name and what is wrong, such as `lambda-zip by 12.0 MB`.
    fileprivate var failure: String {
        guard let finding = decisive else { return name }
        if let required = finding.required {
            return "\(name) because the \(finding.metric.title) \(required.joined(separator: " or ")) is missing"
        }
        guard let value = finding.value, let max = finding.max, value > max else {
            return "\(name) because of the \(finding.metric.title)"
        }
        return "\(name) by \(MetricFormat.text(value - max, finding.metric))"
    }
}
