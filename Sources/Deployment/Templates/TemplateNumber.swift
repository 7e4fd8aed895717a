/// A variable whose value is a number in every template.
enum TemplateNumber: String {
    case port = "PORT"
    case memory = "MEMORY_MIB"
    case user = "USER"
    case tasks = "TASKS"

    /// The values that the variable may have.
    private var range: ClosedRange<UInt32> {
        switch self {
        case .port: 1...65_535
        case .memory, .tasks: 1...(.max)
        case .user: 0...(.max)
        }
    }

    /// Throws if `value` is not a number that the variable may have, written in the usual way.
    ///
    /// Parsers do not agree about `012`, `0x10` and `1_000`, so they are refused.
    func check(_ value: String) throws(DeploymentError) {
        if let number = UInt32(value), "\(number)" == value, range.contains(number) { return }
        throw Self.error(
            rawValue, value,
            "expected a whole number from \(range.lowerBound) to \(range.upperBound), in decimal digits")
    }

    /// Throws if `value` is not a decimal number without a sign, such as 0.5.
    static func checkDecimal(_ value: String, of name: String) throws(DeploymentError) {
        let parts = value.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) })
        else {
            throw error(name, value, "expected a number such as 0.5")
        }
    }

    private static func error(_ name: String, _ value: String, _ reason: String) -> DeploymentError {
        DeploymentError(
            what: "\(name)='\(YAMLScalar.escaped(value))'", reason: reason,
            advice: "Give such a number with --set \(name)=….")
    }
}
