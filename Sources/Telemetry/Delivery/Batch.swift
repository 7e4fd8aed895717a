import NIOCore

/// Events that are sent together, again and again until the server has taken them.
struct Batch {
    /// The events as the format writes them.
    var items: [[UInt8]]
    /// When the first attempt began.
    let began: NIODeadline
    /// The number of attempts that have failed.
    var attempts = 0

    /// The time after which the events are dropped.
    static let longestAge = TimeAmount.minutes(5)
    /// The pause after the first attempt, and the longest one that is chosen, in milliseconds.
    static let (firstPause, longestPause) = (1000, 30_000)
    /// The longest pause that a server may ask for, in milliseconds.
    static let longestRequest = 15 * 60 * 1000

    /// The pause before the next attempt, in milliseconds.
    ///
    /// The time doubles with each attempt, and half of it is random, so that many instances do not come back at once.
    ///
    /// - Parameter requested: The time that the server has asked for, in milliseconds, or nil.
    /// - Returns: The milliseconds.
    func pause(_ requested: Int?) -> Int {
        let doubled = min(Self.longestPause, Self.firstPause << min(10, max(1, attempts) - 1))
        let chosen = doubled / 2 + Int.random(in: 0...doubled / 2)
        return max(chosen, min(requested ?? 0, Self.longestRequest))
    }
}
