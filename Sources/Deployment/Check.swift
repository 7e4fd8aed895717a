import Foundation

extension Report {
    /// Holds a measurement against the limits of targets: one finding for each limit of each target.
    public init(_ measurement: Measured, against targets: [Target]) {
        self.measurement = measurement
        findings = targets.flatMap { target in target.limits.map { Self.finding($0, of: target, measurement) } }
    }

    private static func finding(_ limit: Limit, of target: Target, _ measurement: Measured) -> Finding {
        var finding = Finding(
            target: target.name, measure: limit.of, status: .pass, measured: "-", limit: "\(limit)", message: "",
            source: "\(limit.source), \(limit.asOf)", confidence: limit.confidence)
        let name = limit.of.rawValue
        if let max = limit.max {
            guard let value = measurement[limit.of] else { return unmeasured(finding, limit, measurement) }
            finding.measured = Quantity.exact(value, limit.of)
            finding.used = value / max
            let remark = measurement.remarks[name].map { " (\($0))" } ?? ""
            guard value > max else {
                finding.message = "\(name) is \(finding.measured)\(remark), \(finding.limit)"
                return finding
            }
            finding.message =
                "\(name) is \(finding.measured)\(remark), \(Quantity.short(value - max, limit.of)) over the limit of "
                + "\(Quantity.exact(max, limit.of)). \(limit.note)"
            if limit.of.isBytes, let heaviest = measurement.files.first {
                finding.message +=
                    " \(heaviest.path) weighs most, \(Quantity.exact(Double(heaviest.bytes), .unpacked))."
            }
            let larger = (target.sizes ?? []).first { Double($0.memory) > max && Double($0.memory) >= value }
            if limit.of == .resident, let larger {
                finding.suggestion = "Order \(larger.memory >> 20) MiB (\(larger.cpu) CPU), or pack a smaller model."
            } else {
                finding.suggestion = Suggestion.text(limit.of, excess: value - max, measurement)
            }
        } else {
            guard let values = measurement.words[name], !values.isEmpty else {
                return unmeasured(finding, limit, measurement)
            }
            finding.measured = values.joined(separator: ", ")
            let wrong = values.filter { value in
                if let allowed = limit.allowed { return !allowed.contains(value) }
                return limit.forbidden?.contains(value) ?? false
            }
            // Of several platforms one that runs there is enough.
            guard limit.of == .platform && limit.allowed != nil ? wrong.count == values.count : !wrong.isEmpty else {
                finding.message = "\(name) is \(finding.measured), \(finding.limit)"
                return finding
            }
            finding.message = "\(name) is \(wrong.joined(separator: ", ")), \(finding.limit). \(limit.note)"
            finding.suggestion = Suggestion.text(limit.of, excess: 0, measurement)
        }
        if limit.enforced == .hard {
            finding.status = .violation
        } else {
            finding.status = .warning
            finding.message += " This is advice (confidence \(limit.confidence)), not a proven hard limit."
        }
        return finding
    }

    private static func unmeasured(_ finding: Finding, _ limit: Limit, _ measurement: Measured) -> Finding {
        var finding = finding
        // What only advises does not stop anybody either.
        finding.status = limit.enforced == .hard ? .unmeasured : .warning
        finding.message =
            "\(limit.of.rawValue) could not be measured: "
            + (measurement.remarks[limit.of.rawValue] ?? "nothing tells it about this subject")
        if limit.of == .resident, measurement.files.contains(where: { $0.path.hasSuffix(".gguf") }) {
            finding.suggestion = "Take an estimate with --estimate."
        }
        return finding
    }
}

extension Report {
    /// With a finding for each number that has grown by more than `share` since `baseline`.
    public func compared(with baseline: Report, maximumGrowth share: Double) -> Report {
        var report = self
        for measure in [Measure.compressed, .unpacked, .resident] {
            guard let old = baseline.measurement[measure], let new = measurement[measure], old > 0 else {
                guard measurement[measure] != nil || baseline.measurement[measure] != nil else { continue }
                report.findings.append(
                    Finding(
                        target: "baseline", measure: measure, status: .unmeasured, measured: "-", limit: "-",
                        message: "\(measure.rawValue) is in only one of the two reports, so nothing can be compared",
                        suggestion: "Write a new baseline with --format json.", source: baseline.measurement.subject,
                        confidence: "A"))
                continue
            }
            let growth = new / old - 1
            let limit = (old * (1 + share)).rounded(.down)
            let percent =
                "\(Quantity.percent(growth)) (from \(Quantity.exact(old, measure)) to \(Quantity.exact(new, measure)))"
            var finding = Finding(
                target: "baseline", measure: measure, status: .pass, measured: Quantity.exact(new, measure),
                limit: "at most \(Quantity.exact(limit, measure))", used: new / limit,
                message: "\(measure.rawValue) changed by \(percent)", source: baseline.measurement.subject,
                confidence: "A")
            if new > limit {
                finding.status = .violation
                finding.message = "\(measure.rawValue) grew by \(percent), \(Quantity.percent(share)) allowed."
                if let grown = grownMost(since: baseline.measurement) {
                    finding.message += " \(grown.path) grew most, by \(Quantity.exact(Double(grown.bytes), .unpacked))."
                }
                finding.suggestion = "If the growth is wanted, write a new baseline with --format json."
            }
            report.findings.append(finding)
        }
        return report
    }

    private func grownMost(since old: Measured) -> Measured.File? {
        let before = Dictionary(old.files.map { ($0.path, $0.bytes) }) { first, _ in first }
        return measurement.files.map { Measured.File(path: $0.path, bytes: $0.bytes - (before[$0.path] ?? 0)) }
            .filter { $0.bytes > 0 }.max { $0.bytes < $1.bytes }
    }
}
