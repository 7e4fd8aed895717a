import Foundation

/// The text form of numbers in reports and messages.
///
/// Exact forms are for values that a reader may calculate with; short forms are for values that only give an impression.
enum MetricFormat {
    /// The value of `metric` with all its digits, such as `13,000,000 bytes` or `0.005 s`.
    static func exact(_ value: Double, _ metric: Metric) -> String {
        metric.isBytes ? bytes(Int64(value)) : "\(fixed(value, value < 10 ? 3 : 0)) s"
    }

    /// The value of `metric` rounded to a readable unit, such as `13.0 MB`; MB means 10⁶ bytes.
    static func short(_ value: Double, _ metric: Metric) -> String {
        metric.isBytes ? shortBytes(value) : exact(value, metric)
    }

    /// A number of bytes with a comma after every third digit.
    static func bytes(_ count: Int64) -> String {
        var digits = String(count)
        var end = digits.endIndex
        while let next = digits.index(end, offsetBy: -3, limitedBy: digits.startIndex), next > digits.startIndex {
            digits.insert(",", at: next)
            end = next
        }
        return "\(digits) bytes"
    }

    /// A number of bytes in the largest decimal unit that it reaches.
    static func shortBytes(_ value: Double) -> String {
        for (unit, size) in [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)] where value >= size {
            return "\(fixed(value / size, value / size < 10 ? 2 : 1)) \(unit)"
        }
        return "\(Int(value)) bytes"
    }

    /// A share of one as a percentage with one decimal.
    static func percent(_ share: Double) -> String { "\(fixed(share * 100, 1)) %" }

    /// A number with a fixed number of decimals.
    private static func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
