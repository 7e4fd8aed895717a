import Foundation

/// Numbers for people: exact where somebody may calculate with them, short where somebody only looks.
enum Quantity {
    static func exact(_ value: Double, _ measure: Measure) -> String {
        guard measure.isBytes else { return "\(fixed(value, value < 10 ? 3 : 0)) s" }
        var digits = String(Int64(value))
        var end = digits.endIndex
        while let next = digits.index(end, offsetBy: -3, limitedBy: digits.startIndex), next > digits.startIndex {
            digits.insert(",", at: next)
            end = next
        }
        return "\(digits) bytes"
    }

    static func short(_ value: Double, _ measure: Measure) -> String {
        guard measure.isBytes else { return exact(value, measure) }
        for (unit, size) in [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)] where value >= size {
            return "\(fixed(value / size, value / size < 10 ? 2 : 1)) \(unit)"
        }
        return "\(Int(value)) bytes"
    }

    static func percent(_ share: Double) -> String { "\(fixed(share * 100, 1)) %" }

    static func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
