import Foundation

extension Target {
    /// Creates a target from the user's own limits, such as `compressed=30MB,resident=512MiB,start-up=1s`.
    ///
    /// Sizes are in bytes, or have one of the units kB, MB, GB (powers of 1000), KiB, MiB and GiB (powers of 1024).
    /// Times have one of the units ms and s. Every limit is hard.
    ///
    /// - Parameter text: The limits, separated by commas.
    /// - Throws: `DeploymentError` if a limit has no metric, an unknown metric or unit, a number that is not positive, or
    ///   if a metric appears twice.
    public init(budget text: String) throws(DeploymentError) {
        self.init(name: "budget", title: "Your own limits", sizes: nil, limits: [])
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let item = BudgetItem(String(item))
            let metric = try item.metric()
            guard !limits.contains(where: { $0.metric == metric }) else {
                throw item.error("the metric '\(metric.rawValue)' has two limits", "Give one limit for each metric.")
            }
            limits.append(
                Limit(
                    metric: metric, max: try item.maximum(of: metric), enforced: .hard, confidence: "A",
                    asOf: "--budget \(item.text)", source: "your own budget", note: "You set this limit with --budget.")
            )
        }
    }
}

/// One limit of a budget, such as `compressed=30MB`.
private struct BudgetItem {
    /// The limit as the user wrote it, without spaces around it.
    let text: String

    init(_ text: String) { self.text = text.trimmingCharacters(in: .whitespaces) }

    /// The metrics that a budget can limit.
    private static let metrics = Metric.allCases.filter { $0.isBytes || $0 == .startUp }

    /// The units of sizes, and the number of bytes of each.
    private static let sizes: KeyValuePairs = [
        "kB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 0x1p10, "MiB": 0x1p20, "GiB": 0x1p30,
    ]

    /// The units of times, and the number of seconds of each.
    private static let times: KeyValuePairs = ["ms": 1e-3, "s": 1.0]

    /// The metric before the equals sign.
    func metric() throws(DeploymentError) -> Metric {
        let names = Self.metrics.map(\.rawValue).joined(separator: ", ")
        guard let equals = text.firstIndex(of: "=") else {
            throw error("it is not a limit", "Write METRIC=MAXIMUM, such as compressed=30MB. The metrics are \(names).")
        }
        let name = text[..<equals].trimmingCharacters(in: .whitespaces)
        guard let metric = Self.metrics.first(where: { $0.rawValue == name }) else {
            throw error("'\(name)' is not a metric that a budget can limit", "Choose from \(names).")
        }
        return metric
    }

    /// The number after the equals sign, in bytes or seconds.
    func maximum(of metric: Metric) throws(DeploymentError) -> Double {
        let value = text.drop { $0 != "=" }.dropFirst().trimmingCharacters(in: .whitespaces)
        let digits = value.prefix { "+-.0123456789".contains($0) }
        let unit = value.dropFirst(digits.count).trimmingCharacters(in: .whitespaces)
        let units = metric.isBytes ? Self.sizes : Self.times
        let wanted = "Use a number with one of the units \(units.map(\.key).joined(separator: ", "))"
        let advice =
            metric.isBytes ? "\(wanted), or a number of bytes without a unit." : "\(wanted), such as start-up=1s."
        guard let number = Double(digits) else {
            throw error("'\(value)' does not start with a number", advice)
        }
        let isPlain = metric.isBytes && unit.isEmpty
        guard let factor = isPlain ? 1 : units.first(where: { $0.key == unit })?.value else {
            let reason = unit.isEmpty ? "'\(value)' has no unit" : "'\(unit)' is not a unit of \(metric.rawValue)"
            throw error(reason, advice)
        }
        let maximum = metric.isBytes ? (number * factor).rounded(.down) : number * factor
        // Numbers below 2^60 convert to Int64 and back without a trap.
        guard maximum > 0, maximum < 0x1p60 else {
            let range = metric.isBytes ? "from 1 byte to less than 2^60 bytes" : "greater than 0 and less than 2^60 s"
            throw error("'\(value)' is out of range", "Use a maximum \(range).")
        }
        return maximum
    }

    /// An error about this limit.
    func error(_ reason: String, _ advice: String) -> DeploymentError {
        DeploymentError(what: "--budget '\(text)'", reason: reason, advice: advice)
    }
}
