public import Files

/// How far an alert has come.
public struct AlertProgress: Equatable, Sendable {
    /// What is known about the way of an alert through a channel.
    public enum Stage: String, Sendable {
        /// The server of the channel has accepted it.
        case delivered
        /// It was too old to be of use.
        case givenUp = "given_up"
        /// The last attempt has failed, and another one follows.
        case failed
        /// An instance is sending it now.
        case sending
        /// No attempt was made yet.
        case waiting
    }

    /// The alert.
    public let alert: Alert
    /// Each of its channels, in the order of the alert.
    public let channels: [(name: String, stage: Stage)]

    /// Whether two alerts have come as far.
    public static func == (a: AlertProgress, b: AlertProgress) -> Bool {
        a.alert == b.alert && a.channels.elementsEqual(b.channels) { $0 == $1 }
    }
}

extension Outbox {
    /// How far the last alerts have come, as the outbox was read last.
    ///
    /// - Parameter count: The largest number of alerts.
    /// - Returns: The last alerts of all instances, newest first.
    /// - Throws: `FileError` if the volume cannot be read.
    public func progress(ofLast count: Int) throws(FileError) -> [AlertProgress] {
        var all: [AlertProgress] = []
        for number in alerts.keys.sorted(by: >).prefix(count) {
            guard let alert = alerts[number] else { continue }
            var channels: [(name: String, stage: AlertProgress.Stage)] = []
            for name in alert.channels { channels.append((name, try stage(number, name))) }
            all.append(AlertProgress(alert: alert, channels: channels))
        }
        return all
    }

    private func stage(_ number: Int, _ channel: String) throws(FileError) -> AlertProgress.Stage {
        switch try state(number, channel) {
        case .new: .waiting
        case .leased: .sending
        case .failed: .failed
        case .done: try result(number, channel) == .givenUp ? .givenUp : .delivered
        }
    }
}
