extension Report {
    /// The sizes that a baseline is compared with.
    private static let comparedMetrics = [Metric.compressed, .unpacked, .residentIdle, .resident]

    /// Returns the report with added findings that compare its sizes with those of an earlier report.
    ///
    /// Sizes on disk are exact. Memory is measured, and varies from run to run, so it may always grow a little, even if the
    /// allowed growth is smaller: after one answer by 5 % or 2 MB, and under load by 30 % or 20 MB, whichever is larger.
    ///
    /// - Parameters:
    ///   - baseline: The earlier report.
    ///   - share: The largest growth that is allowed, as a share of the earlier size.
    /// - Returns: The report with one more finding for each size that either report contains.
    public func compared(with baseline: Report, maximumGrowth share: Double) -> Report {
        var report = self
        report.findings += Self.comparedMetrics.compactMap { metric in
            let (old, new) = (baseline.earlier(metric), measurements[metric])
            if let old, let new, old > 0 { return growth(of: metric, from: old, to: new, share, baseline.measurements) }
            if metric == .resident || metric == .residentIdle, old == nil { return nil }
            return old == nil && new == nil ? nil : Self.incomparable(metric, baseline.measurements)
        }
        return report
    }

    /// The size in an earlier report.
    ///
    /// Reports that were written before memory was measured under load have only the memory of one request.
    private func earlier(_ metric: Metric) -> Double? {
        guard measurements[.anonymous] == nil else { return measurements[metric] }
        switch metric {
        case .residentIdle: return measurements[.resident]
        case .resident: return nil
        default: return measurements[metric]
        }
    }

    /// The finding for a size that only one of the two reports contains.
    private static func incomparable(_ metric: Metric, _ baseline: Measurements) -> Finding {
        Finding(
            target: "baseline", metric: metric, status: .unmeasured, measured: "-", limit: "-",
            message: "The \(metric.title) is in only one of the two reports and cannot be compared.",
            suggestion: "Write a new baseline with --format json.", source: baseline.subject, confidence: "A")
    }

    /// The finding for a size that both reports contain.
    private func growth(
        of metric: Metric, from old: Double, to new: Double, _ share: Double, _ baseline: Measurements
    ) -> Finding {
        let allowed = AllowedGrowth(of: metric, from: old, share: share)
        let (before, after) = (MetricFormat.text(old, metric), MetricFormat.text(new, metric))
        let change =
            "\(MetricFormat.text(abs(new - old), metric)) (\(percent(new / old - 1))), from \(before) to \(after)"
        var finding = Finding(
            target: "baseline", metric: metric, status: .pass, measured: after,
            limit: "at most \(MetricFormat.text(allowed.limit, metric))", value: new, max: allowed.limit,
            used: new / allowed.limit,
            message: new == old
                ? "The \(metric.title) is the same as before, \(after)."
                : "The \(metric.title) \(new > old ? "grew" : "shrank") by \(change).",
            source: baseline.subject, confidence: "A")
        guard new > allowed.limit else { return finding }
        finding.status = .violation
        finding.message = "The \(metric.title) grew by \(change), but \(allowed.rule)."
        if let grown = fileThatGrewMost(since: baseline) {
            finding.message +=
                " The file that grew most is \(grown.path), by \(MetricFormat.bytes(Double(grown.bytes)))."
        }
        finding.suggestion = "If this growth is intended, write a new baseline with --format json."
        return finding
    }

    /// A change as a percentage with one decimal; one that rounds to 0.0 % does not read as none.
    private func percent(_ change: Double) -> String {
        abs(change) < 0.0005 ? "less than 0.1 %" : "\(MetricFormat.fixed(abs(change) * 100, 1)) %"
    }

    /// The file with the largest growth, and the number of bytes by which it grew; new files count in full.
    private func fileThatGrewMost(since baseline: Measurements) -> Measurements.File? {
        let before = Dictionary(baseline.files.map { ($0.path, $0.bytes) }) { first, _ in first }
        return measurements.files.map { .init(path: $0.path, bytes: $0.bytes - (before[$0.path] ?? 0)) }
            .filter { $0.bytes > 0 }.max { $0.bytes < $1.bytes }
    }
}

/// The growth of a size that does not fail a comparison.
private struct AllowedGrowth {
    /// The largest size that is allowed, in bytes.
    let limit: Double
    /// The rule as a clause, such as `may grow by at most 5 %`.
    let rule: String

    /// How much a measured size may always grow: a share of it, and a number of bytes.
    private static let tolerances: [Metric: (share: Double, bytes: Double)] = [
        .residentIdle: (0.05, 2e6), .resident: (0.3, 20e6),
    ]

    /// Creates the rule for a size that was `old` bytes and may grow by a share of them.
    init(of metric: Metric, from old: Double, share: Double) {
        let wanted = (old * (1 + share)).rounded(.down)
        // Two measurements of the memory of the same image differ. Sizes on disk do not.
        let (part, least) = Self.tolerances[metric] ?? (0, 0)
        let tolerance = max((old * part).rounded(.down), least)
        if old + tolerance > wanted {
            limit = old + tolerance
            rule =
                "may grow by at most \(MetricFormat.text(tolerance, metric)). "
                + "Measured memory varies, so \(MetricFormat.percent(part)) or \(MetricFormat.limit(least, metric)) is tolerated, "
                + "whichever is larger"
        } else {
            limit = min(wanted, 0x1p60)  // Numbers up to 2^60 convert to Int64 without a trap.
            rule = share > 0 ? "may grow by at most \(MetricFormat.percent(share))" : "may not grow"
        }
    }
}
