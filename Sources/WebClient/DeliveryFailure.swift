/// The reason why something did not reach a server.
///
/// It holds no secret, so it may be written to a log.
public struct DeliveryFailure: Error, Equatable, Sendable {
    /// What was attempted, such as `AUTH`.
    public var step: String
    /// What went wrong, or what the server has answered.
    public var reason: String
    /// What to do about it.
    public var advice: String
    /// Whether another attempt hardly helps until somebody changes a setting.
    public var isRefusal: Bool
    /// The milliseconds after which the server wants to be asked again, or nil if it has not said it.
    public var retryAfter: Int?

    /// Describes a failure.
    ///
    /// - Parameters:
    ///   - step: What was attempted.
    ///   - reason: What went wrong, or what the server has answered.
    ///   - advice: What to do about it.
    ///   - isRefusal: Whether another attempt hardly helps.
    ///   - retryAfter: The milliseconds after which the server wants to be asked again.
    public init(step: String, reason: String, advice: String, isRefusal: Bool = false, retryAfter: Int? = nil) {
        (self.step, self.reason, self.advice) = (step, reason, advice)
        (self.isRefusal, self.retryAfter) = (isRefusal, retryAfter)
    }
}

extension DeliveryFailure: CustomStringConvertible {
    /// The step, the reason, and what to do.
    public var description: String { "\(step): \(reason) \(advice)" }
}
