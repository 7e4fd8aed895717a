extension Report {
    /// The sizes that a baseline is compared with.
    private static let comparedMetrics = [Metric.compressed, .unpacked, .resident]

    /// Returns the report with added findings that compare its sizes with those of an earlier report.
    ///
    /// - Parameters:
    ///   - baseline: The earlier report.
    ///   - share: The largest growth that is allowed, as a share of the earlier size.
    /// - Returns: The report with one more finding for each size that either report contains.
    public func compared(with baseline: Report, maximumGrowth share: Double) -> Report {
        var report = self
        report.findings += Self.comparedMetrics.compactMap { metric in
            let (old, new) = (baseline.measurements[metric], measurements[metric])
            if let old, let new, old > 0 { return growth(of: metric, from: old, to: new, share, baseline.measurements) }
            return old == nil && new == nil ? nil : Self.incomparable(metric, baseline.measurements)
        }
        return report
    }

    /// The finding for a size that only one of the two reports contains.
    private static func incomparable(_ metric: Metric, _ baseline: Measurements) -> Finding {
        Finding(
            target: "baseline", metric: metric, status: .unmeasured, measured: "-", limit: "-",
            message: "\(metric.rawValue) is in only one of the two reports and cannot be compared.",
            suggestion: "Write a new baseline with --format json.", source: baseline.subject, confidence: "A")
    }

    /// The finding for a size that both reports contain.
    private func growth(
        of metric: Metric, from old: Double, to new: Double, _ share: Double, _ baseline: Measurements
    ) -> Finding {
        let name = metric.rawValue
        let limit = (old * (1 + share)).rounded(.down)
        let (before, after) = (MetricFormat.exact(old, metric), MetricFormat.exact(new, metric))
        let change = "\(MetricFormat.percent(new / old - 1)) (from \(before) to \(after))"
        var finding = Finding(
            target: "baseline", metric: metric, status: .pass, measured: after,
            limit: "at most \(MetricFormat.exact(limit, metric))", used: new / limit,
            message: "\(name) changed by \(change).", source: baseline.subject, confidence: "A")
        guard new > limit else { return finding }
        finding.status = .violation
        finding.message = "\(name) grew by \(change), but may grow by at most \(MetricFormat.percent(share))."
        if let grown = fileThatGrewMost(since: baseline) {
            finding.message += " The file that grew most is \(grown.path), by \(MetricFormat.bytes(grown.bytes))."
        }
        finding.suggestion = "If this growth is intended, write a new baseline with --format json."
        return finding
    }

    /// The file with the largest growth, and the number of bytes by which it grew; new files count in full.
    private func fileThatGrewMost(since baseline: Measurements) -> Measurements.File? {
        let before = Dictionary(baseline.files.map { ($0.path, $0.bytes) }) { first, _ in first }
        return measurements.files.map { .init(path: $0.path, bytes: $0.bytes - (before[$0.path] ?? 0)) }
            .filter { $0.bytes > 0 }.max { $0.bytes < $1.bytes }
    }
}
