/// The trace that a request belongs to.
struct Trace: Equatable, Sendable {
    /// 32 hexadecimal digits.
    let id: String
    /// 16 hexadecimal digits.
    let span: String?

    /// Reads the trace from the headers of a request, or returns nil if none of them holds one.
    ///
    /// - Parameters:
    ///   - traceparent: The header of W3C Trace Context, `version-trace-span-flags`.
    ///   - cloud: The header `X-Cloud-Trace-Context`, `trace/span;o=options`, whose span is decimal.
    ///   - amazon: The header `X-Amzn-Trace-Id`, `Root=1-time-random;Parent=span;Sampled=flag`.
    init?(traceparent: String?, cloud: String?, amazon: String? = nil) {
        func isHexadecimal(_ text: Substring, _ count: Int) -> Bool {
            text.utf8.count == count && text.allSatisfy(\.isHexDigit)
        }
        if let parts = traceparent?.split(separator: "-", omittingEmptySubsequences: false), parts.count >= 4,
            isHexadecimal(parts[1], 32), isHexadecimal(parts[2], 16)
        {
            id = String(parts[1])
            span = String(parts[2])
        } else if let parts = cloud?.split(separator: "/", maxSplits: 1), let first = parts.first,
            isHexadecimal(first, 32)
        {
            id = String(first)
            let number = parts.count == 2 ? UInt64(parts[1].prefix { $0 != ";" }) : nil
            span = number.map {
                String(repeating: "0", count: 16 - String($0, radix: 16).count) + String($0, radix: 16)
            }
        } else if let fields = amazon?.split(separator: ";"),
            let root = fields.first(where: { $0.hasPrefix("Root=") })?.dropFirst(5).split(separator: "-"),
            root.count == 3, isHexadecimal(root[1], 8), isHexadecimal(root[2], 24)
        {
            // AWS X-Ray writes the 32 digits of W3C Trace Context in two parts.
            id = String(root[1] + root[2])
            let parent = fields.first { $0.hasPrefix("Parent=") }?.dropFirst(7)
            span = parent.flatMap { isHexadecimal($0, 16) ? String($0) : nil }
        } else {
            return nil
        }
    }
}
