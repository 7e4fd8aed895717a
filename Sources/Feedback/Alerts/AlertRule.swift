/// When reports of wrong predictions raise an alert: several of them within a window of time.
///
/// The rule is a pure function of what is known about the reports, so every instance that sees the same reports decides
/// the same.
public struct AlertRule: Equatable, Sendable {
    /// The number of reports that raise an alert.
    public var threshold: Int
    /// The longest time from the first to the last of these reports, in milliseconds.
    public var window: Int
    /// The shortest time between two alerts, in milliseconds.
    public var cooldown: Int

    /// What the rule asks for.
    public enum Decision: Equatable, Sendable {
        /// Nothing has to be done.
        case none
        /// An alert is due, but not before this time, because there was one a short time ago.
        case wait(until: FeedbackTime)
        /// Raise an alert for these reports, oldest first.
        case alert([FeedbackID])
    }

    /// An alert names at most this many reports.
    public static let longestAlert = 1000

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - threshold: The number of reports that raise an alert.
    ///   - window: The longest time from the first to the last of these reports, in milliseconds.
    ///   - cooldown: The shortest time between two alerts, in milliseconds.
    public init(threshold: Int = 3, window: Int = 5 * 60 * 1000, cooldown: Int = 15 * 60 * 1000) {
        (self.threshold, self.window, self.cooldown) = (threshold, window, cooldown)
    }

    /// Decides about reports that no alert has named yet.
    ///
    /// A report is part of the alert if it lies, together with enough others, within one window.
    ///
    /// - Parameters:
    ///   - reports: The names and times of reports that say that a prediction was wrong, in any order.
    ///   - last: When the last alert was raised, or nil if there was none.
    ///   - now: The time. A last alert that lies in the future says that a clock was wrong, and delays nothing.
    /// - Returns: What has to be done.
    /// - Complexity: O(*n* log *n*).
    public func decide(
        _ reports: some Collection<(id: FeedbackID, time: FeedbackTime)>, last: FeedbackTime?, now: FeedbackTime
    ) -> Decision {
        guard threshold > 0, reports.count >= threshold else { return .none }
        let sorted = reports.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
        var chosen: [FeedbackID] = []
        var next = 0  // the first report that is not chosen and may still be
        for end in (threshold - 1)..<sorted.count {
            let start = end - threshold + 1
            guard sorted[end].time.milliseconds - sorted[start].time.milliseconds <= window else { continue }
            chosen += sorted[max(start, next)...end].map(\.id)
            next = end + 1
        }
        guard !chosen.isEmpty else { return .none }
        if let last, (0..<cooldown).contains(now.milliseconds - last.milliseconds) {
            return .wait(until: FeedbackTime(milliseconds: last.milliseconds + cooldown))
        }
        return .alert(Array(chosen.prefix(Self.longestAlert)))
    }
}
