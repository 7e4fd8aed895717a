/// How long to wait before something that failed is tried again.
///
/// The time doubles with each attempt, and half of it is random, so that many instances do not come back at once.
///
/// - Source: M. Brooker, Exponential Backoff And Jitter, 2015 ("equal jitter").
public struct Backoff: Equatable, Sendable {
    /// The time after the first attempt, in milliseconds.
    public var first = 5_000
    /// The longest time that is chosen, in milliseconds.
    public var longest = 60 * 60 * 1000
    /// The shortest time after an answer that another attempt hardly changes, in milliseconds.
    public var afterRefusal = 15 * 60 * 1000
    /// A server that asks for a longer pause is asked again after this time, in milliseconds.
    public static let longestRequested = 6 * 60 * 60 * 1000

    /// Creates the usual times.
    public init() {}

    /// The time to wait, in milliseconds.
    ///
    /// - Parameters:
    ///   - attempt: The number of attempts that have failed, at least 1.
    ///   - isRefusal: Whether the answer hardly changes until somebody changes a setting.
    ///   - requested: The time that the server has asked for, in milliseconds, or nil.
    ///   - random: The source of the random half.
    /// - Returns: The milliseconds.
    public func delay(
        after attempt: Int, isRefusal: Bool = false, requested: Int? = nil,
        using random: inout some RandomNumberGenerator
    ) -> Int {
        let doubled = attempt > 20 ? longest : min(longest, first << (max(1, attempt) - 1))
        let whole = isRefusal ? max(doubled, afterRefusal) : doubled
        let chosen = whole / 2 + Int.random(in: 0...whole / 2, using: &random)
        return max(chosen, min(requested ?? 0, Self.longestRequested))
    }
}
