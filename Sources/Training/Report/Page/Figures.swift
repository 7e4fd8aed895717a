internal import Foundation

/// Numbers as the pages show them.
enum Figures {
    /// `value` with a fixed number of digits after the point, and a true minus sign.
    static func fixed(_ value: Double, _ digits: Int = 3) -> String {
        let text = String(format: "%.\(digits)f", value)
        let isZero = !text.contains { $0 != "0" && $0 != "." && $0 != "-" }
        return text.hasPrefix("-") ? (isZero ? "" : "−") + text.dropFirst() : text
    }

    /// `value` with a plus or a minus sign, for differences.
    static func signed(_ value: Double, _ digits: Int = 4) -> String {
        let text = fixed(value, digits)
        return text.hasPrefix("−") || !text.contains { ("1"..."9").contains($0) } ? text : "+" + text
    }

    /// An interval, such as "0.806–0.823".
    static func range(_ interval: Interval, _ digits: Int = 3) -> String {
        interval.low < 0
            ? "\(fixed(interval.low, digits)) to \(fixed(interval.high, digits))"
            : "\(fixed(interval.low, digits))–\(fixed(interval.high, digits))"
    }

    /// A whole number with commas between groups of three digits, such as "79,330".
    static func count(_ number: Int) -> String {
        let digits = String(number.magnitude)
        let grouped = digits.enumerated().reduce(into: "") { text, digit in
            let isStart = digit.offset > 0 && (digits.count - digit.offset).isMultiple(of: 3)
            text += (isStart ? "," : "") + String(digit.element)
        }
        return (number < 0 ? "−" : "") + grouped
    }

    /// A share in per cent, such as "81 %", with a digit more below 10 %.
    static func percent(_ share: Double) -> String { percent(share, share > 0 && share < 0.0995 ? 1 : 0) }

    /// A share in per cent with a fixed number of digits after the point, such as "80.4 %".
    ///
    /// The share is rounded first, so that it agrees with the same share written as a fraction of 1.
    static func percent(_ share: Double, _ digits: Int) -> String {
        let rounded = Double(String(format: "%.\(digits + 2)f", share)) ?? share
        return fixed(100 * rounded, digits) + "\u{A0}%"
    }

    /// A probability of a test, such as "0.013", or "below 0.0001".
    static func probability(_ p: Double) -> String { p < 0.0001 ? "below 0.0001" : fixed(p, p < 0.01 ? 4 : 3) }
}
