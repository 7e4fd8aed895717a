import Foundation

/// The text form of numbers in reports and messages.
enum MetricFormat {
    /// The value of `metric` in a readable unit, such as `13.0 MB` or `7 ms`; MB means 10⁶ bytes.
    static func text(_ value: Double, _ metric: Metric) -> String {
        metric.isBytes ? bytes(value) : seconds(value)
    }

    /// A maximum of `metric` in the unit that its source uses, such as `512 MiB` or `500 MB`.
    static func limit(_ max: Double, _ metric: Metric) -> String {
        guard metric.isBytes else { return seconds(max) }
        for (unit, size) in [("GiB", 0x1p30), ("MiB", 0x1p20)] where max >= size && max.remainder(dividingBy: size) == 0
        {
            return "\(Int64(max / size)) \(unit)"
        }
        for (unit, size) in [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)]
        where max >= size && max < 10_000 * size && max.remainder(dividingBy: size) == 0 {
            return "\(Int64(max / size)) \(unit)"
        }
        return bytes(max)
    }

    /// A number of bytes in the largest decimal unit that it reaches.
    static func bytes(_ value: Double) -> String {
        for (unit, size) in [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)] where abs(value) >= size {
            return "\(fixed(value / size, abs(value) / size < 10 ? 2 : 1)) \(unit)"
        }
        return value == 1 ? "1 byte" : "\(Int(value)) bytes"
    }

    /// A time in milliseconds or seconds.
    private static func seconds(_ value: Double) -> String {
        if value < 1 { return "\(fixed(value * 1000, value < 0.001 ? 1 : 0)) ms" }
        return "\(fixed(value, value < 10 && value.rounded() != value ? 1 : 0)) s"
    }

    /// A share of one as a percentage.
    static func percent(_ share: Double) -> String {
        let percent = share * 100
        return percent > 0 && percent < 0.5 ? "< 1 %" : "\(fixed(percent, 0)) %"
    }

    /// A number with a fixed number of decimals.
    static func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
