/// Decides which traces are kept.
///
/// - Source: OpenTelemetry, "Tracing SDK", section "Built-in samplers".
public struct Sampler: Equatable, Sendable {
    /// The share of the traces that are kept if no caller has decided it.
    public var ratio: Double
    /// Whether the decision of the caller counts.
    public var followsCaller: Bool

    /// Keeps everything, except for what a caller does not keep.
    public static let standard = Sampler(ratio: 1, followsCaller: true)

    /// Decides about a trace.
    ///
    /// All services decide alike about the same trace, because the decision depends only on its id.
    ///
    /// - Parameters:
    ///   - id: The id of the trace: 32 hexadecimal digits.
    ///   - caller: What the caller has decided, or nil.
    /// - Returns: Whether the trace is kept, and the share in percent if a lot was drawn.
    func decide(_ id: String, caller: Bool?) -> (isSampled: Bool, rate: Double?) {
        if followsCaller, let caller { return (caller, nil) }
        guard ratio > 0, ratio < 1 else { return (ratio > 0, nil) }
        let low = UInt64(id.suffix(16), radix: 16) ?? 0
        return (Double(low) < ratio * 0x1p64, ratio * 100)
    }

    init(ratio: Double, followsCaller: Bool) { (self.ratio, self.followsCaller) = (ratio, followsCaller) }
}
