extension Report {
    /// Compares measurements with the limits of targets; the report has one finding for each limit of each target.
    ///
    /// - Parameters:
    ///   - measurements: The measurements of an image or model.
    ///   - targets: The targets whose limits count.
    ///   - isStrict: Whether a limit that is advice gives violations instead of warnings.
    public init(_ measurements: Measurements, against targets: [Target], isStrict: Bool = false) {
        self.measurements = measurements
        findings = targets.flatMap { target in
            target.limits.map {
                LimitCheck(limit: $0, target: target, measurements: measurements, isStrict: isStrict).finding
            }
        }
    }
}

/// The comparison of measurements with one limit of one target.
private struct LimitCheck {
    let limit: Limit
    let target: Target
    let measurements: Measurements
    let isStrict: Bool

    private var name: String { limit.metric.rawValue }
    private var title: String { limit.metric.title }

    /// The result of the comparison.
    var finding: Finding {
        if let max = limit.max {
            guard let value = measurements[limit.metric] else { return unmeasured }
            return compare(value, max)
        }
        guard let values = measurements.values[name] else { return unmeasured }
        if let required = limit.required { return compare(values, required: required) }
        return values.isEmpty ? unmeasured : compare(values)
    }

    // MARK: - The three kinds of findings

    /// Compares a number with the maximum.
    private func compare(_ value: Double, _ max: Double) -> Finding {
        let measured = MetricFormat.text(value, limit.metric)
        let maximum = MetricFormat.limit(max, limit.metric)
        let remark = measurements.remarks[name].map { " (\($0))" } ?? ""
        guard value > max else {
            return finding(
                .pass, measured: measured, "The \(title) is \(measured)\(remark), within the limit of \(maximum).")
        }
        let excess = MetricFormat.text(value - max, limit.metric)
        var message = "The \(title) is \(measured)\(remark), \(excess) over the limit of \(maximum). \(limit.note)"
        // A file that is smaller than the excess is not the reason.
        if limit.metric.isSizeOnDisk, let largest = measurements.files.first, Double(largest.bytes) >= value - max {
            message += " The largest file is \(largest.path) with \(MetricFormat.bytes(Double(largest.bytes)))."
        }
        return exceeded(measured: measured, message, suggestion(for: value, max))
    }

    /// Compares non-numeric values with those that are allowed or forbidden.
    private func compare(_ values: [String]) -> Finding {
        let measured = values.joined(separator: ", ")
        let wrong = values.filter(limit.forbids)
        // An image for several platforms needs only one that the target runs.
        let onlyOneMustFit = limit.metric == .platform && limit.allowed != nil
        guard onlyOneMustFit ? wrong.count == values.count : !wrong.isEmpty else {
            return finding(.pass, measured: measured, "\(subject(values)) \(measured), which is allowed.")
        }
        return exceeded(
            measured: measured, "\(subject(wrong)) \(wrong.joined(separator: ", ")), but \(limit). \(limit.note)",
            Suggestion.text(for: limit.metric, excess: 0, measurements))
    }

    /// Looks for one of the values that are required.
    private func compare(_ values: [String], required: [String]) -> Finding {
        let found = required.filter(values.contains)
        let wanted = required.joined(separator: " or ")
        guard found.isEmpty else {
            return finding(
                .pass, measured: found.joined(separator: ", "), "The \(title) \(found[0]) is there.")
        }
        return exceeded(
            measured: values.isEmpty ? "none" : values.joined(separator: ", "),
            "The \(title) \(wanted) is missing. \(limit.note)",
            Suggestion.text(for: limit.metric, excess: 0, measurements))
    }

    /// The start of a sentence about values.
    private func subject(_ values: [String]) -> String {
        limit.metric == .probePath ? "The \(title) are" : "The \(title) is"
    }

    /// The finding for a metric that has no measurement; a limit that only advises gives a warning.
    private var unmeasured: Finding {
        let reason = measurements.remarks[name].map { ": \($0)" } ?? ""
        let isModelKnown = measurements.files.contains { $0.path.hasSuffix(".gguf") }
        let message = "The \(title) could not be measured\(reason)."
        let suggestion =
            limit.metric == .resident && isModelKnown
            ? "Use --estimate to estimate it from the size of the model file." : nil
        switch (limit.enforced, isStrict) {
        case (.hard, _): return finding(.unmeasured, measured: "-", message, suggestion)
        case (.advice, false): return finding(.warning, measured: "-", message, suggestion)
        case (.advice, true): return finding(.violation, measured: "-", "\(message) \(advice)", suggestion)
        }
    }

    // MARK: - Parts of a finding

    /// A violation, or a warning if the limit only advises and the check is not strict.
    private func exceeded(measured: String, _ message: String, _ suggestion: String?) -> Finding {
        if limit.enforced == .hard { return finding(.violation, measured: measured, message, suggestion) }
        let status = isStrict ? Finding.Status.violation : .warning
        return finding(status, measured: measured, "\(message) \(advice)", suggestion)
    }

    /// What a limit that is advice does to the check.
    private var advice: String {
        let effect = isStrict ? ", but --strict makes the check fail" : " and does not fail the check"
        return "This limit is advice (confidence \(limit.confidence))\(effect)."
    }

    private func finding(
        _ status: Finding.Status, measured: String, _ message: String, _ suggestion: String? = nil
    ) -> Finding {
        let value = measurements[limit.metric]
        return Finding(
            target: target.name, metric: limit.metric, status: status, measured: measured, limit: "\(limit)",
            value: value, max: limit.max, values: measurements.values[name], allowed: limit.allowed,
            forbidden: limit.forbidden, required: limit.required,
            used: limit.max.flatMap { max in value.map { $0 / max } }, message: message,
            suggestion: suggestion, source: "\(limit.source), \(limit.asOf)",
            confidence: limit.confidence)
    }

    /// A larger instance if there is one and memory is the problem, else general advice for the metric.
    private func suggestion(for value: Double, _ max: Double) -> String? {
        let larger = (target.sizes ?? []).first { Double($0.memory) > max && Double($0.memory) >= value }
        if limit.metric == .resident, let larger {
            return "Choose \(larger.memory >> 20) MiB of memory (\(larger.cpu) CPU), or pack a smaller model."
        }
        return Suggestion.text(for: limit.metric, excess: value - max, measurements)
    }
}
