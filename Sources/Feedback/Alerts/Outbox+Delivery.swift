public import Files
import JSON

/// The right to send an alert through a channel, until its result is written.
public struct Lease {
    /// The number of the alert.
    public let number: Int
    /// The name of the channel.
    public let channel: String
    /// 1 for the first attempt.
    public let attempt: Int
    /// Whether a process that had the lease before has ended without a result.
    ///
    /// Nobody knows then whether the alert was sent.
    public let followsInterruption: Bool
    /// The lock of its file, as long as the process lives.
    let file: any VolumeFile
}

extension Outbox {
    /// What became of an alert.
    public enum Result: String, Sendable {
        /// The server of the channel has accepted it.
        case delivered
        /// It is too old to be of use.
        case givenUp = "given_up"
    }

    /// The alerts that have to reach a channel, and the time of the next attempt, soonest first.
    ///
    /// - Returns: The number of each alert, the name of the channel, and the time.
    /// - Throws: `FileError` if the volume cannot be read.
    public func pending() throws(FileError) -> [(number: Int, channel: String, due: FeedbackTime)] {
        var pending: [(number: Int, channel: String, due: FeedbackTime)] = []
        for (number, alert) in alerts {
            for channel in alert.channels {
                switch try state(number, channel) {
                case .done: break
                case .new: pending.append((number, channel, alert.time))
                case .leased(_, let until, _): pending.append((number, channel, until))
                case .failed(_, let retry): pending.append((number, channel, retry))
                }
            }
        }
        return pending.sorted { ($0.due, $0.number, $0.channel) < ($1.due, $1.number, $1.channel) }
    }

    /// Takes the right to send an alert through a channel.
    ///
    /// - Parameters:
    ///   - number: The number of the alert.
    ///   - channel: The name of the channel.
    /// - Returns: The lease, or nil if another process has it, or the time has not come, or the alert was sent.
    /// - Throws: `FileError` if the volume refuses.
    public func claim(_ number: Int, _ channel: String) throws(FileError) -> Lease? {
        let attempt: Int
        var followsInterruption = false
        switch try state(number, channel) {
        case .done: return nil
        case .new: attempt = 1
        case .failed(let last, let retry):
            guard isOver(retry, within: Backoff.longestRequested) else { return nil }
            attempt = last + 1
        case .leased(let last, let until, let holder):
            let name = OutboxName(number, .lease(channel: channel, attempt: last)).file
            guard isOver(until, within: leaseTime) || isAbandoned(name, by: holder) else { return nil }
            attempt = last + 1
            followsInterruption = true
        }
        let until = FeedbackTime(milliseconds: now().milliseconds + leaseTime)
        let name = OutboxName(number, .lease(channel: channel, attempt: attempt)).file
        guard let file = try publish(name, ["instance": .string(instance), "until": .string("\(until)")]) else {
            return nil
        }
        // The result may have been written, and the older leases removed, since the names were read.
        guard volume.status(of: OutboxName(number, .done(channel: channel)).file) == nil else {
            try? volume.remove(name)
            return nil
        }
        return Lease(
            number: number, channel: channel, attempt: attempt, followsInterruption: followsInterruption, file: file)
    }

    /// Writes that an attempt has failed, which ends its lease.
    ///
    /// - Parameters:
    ///   - lease: The lease.
    ///   - retry: The time of the next attempt.
    ///   - reason: Why it has failed, without secrets.
    /// - Throws: `FileError` if the volume refuses. Then the lease ends at its time.
    public func fail(_ lease: Lease, retry: FeedbackTime, reason: String) throws(FileError) {
        let name = OutboxName(lease.number, .failed(channel: lease.channel, attempt: lease.attempt)).file
        _ = try publish(
            name, ["retry": .string("\(retry)"), "reason": .string(reason), "time": .string("\(now())")])
    }

    /// Writes the result, which ends the lease and everything about this alert and this channel.
    ///
    /// - Parameters:
    ///   - lease: The lease.
    ///   - result: What became of the alert.
    /// - Throws: `FileError` if the volume refuses.
    public func finish(_ lease: Lease, _ result: Result) throws(FileError) {
        let name = OutboxName(lease.number, .done(channel: lease.channel)).file
        _ = try publish(
            name,
            [
                "result": .string(result.rawValue), "time": .string("\(now())"),
                "attempts": .number(Double(lease.attempt)),
            ])
        for attempt in 1...lease.attempt {
            for kind in [
                OutboxName.Kind.lease(channel: lease.channel, attempt: attempt),
                .failed(channel: lease.channel, attempt: attempt),
            ] {
                let file = OutboxName(lease.number, kind).file
                if names.contains(file) { try? volume.remove(file) }
            }
        }
    }

    /// What became of an alert, or nil if it has not reached the channel yet.
    ///
    /// - Parameters:
    ///   - number: The number of the alert.
    ///   - channel: The name of the channel.
    /// - Returns: The result.
    /// - Throws: `FileError` if the volume cannot be read.
    public func result(_ number: Int, _ channel: String) throws(FileError) -> Result? {
        let name = OutboxName(number, .done(channel: channel)).file
        guard names.contains(name), case .string(let text)? = try content(name)?["result"] else { return nil }
        return Result(rawValue: text)
    }

    /// Deletes alerts that have reached all channels and are older than a time, except for the last one.
    ///
    /// - Parameter time: The time.
    /// - Throws: `FileError` if the volume refuses.
    public func removeFinished(before time: FeedbackTime) throws(FileError) {
        let last = alerts.keys.max()
        for (number, alert) in alerts where alert.time < time && number != last {
            let states = try alert.channels.map { channel throws(FileError) in try state(number, channel) }
            guard states.allSatisfy({ $0 == .done }) else { continue }
            for name in names where OutboxName(name)?.number == number { try volume.remove(name) }
            alerts[number] = nil
        }
        // A process that was killed may have left a file that never got its name.
        for name in names where name.hasSuffix(".partial") {
            guard let changed = volume.status(of: name)?.changed, changed < time else { continue }
            try volume.remove(name)
        }
    }

    /// What is known about an alert and a channel.
    func state(_ number: Int, _ channel: String) throws(FileError) -> State {
        if names.contains(OutboxName(number, .done(channel: channel)).file) { return .done }
        var attempt = 0
        while names.contains(OutboxName(number, .lease(channel: channel, attempt: attempt + 1)).file) { attempt += 1 }
        guard attempt > 0 else { return .new }
        let failed = OutboxName(number, .failed(channel: channel, attempt: attempt)).file
        if names.contains(failed) {
            // An incomplete file says as much as a complete one: the attempt is over.
            return .failed(attempt: attempt, retry: time(try content(failed)?["retry"]) ?? now())
        }
        let name = OutboxName(number, .lease(channel: channel, attempt: attempt)).file
        let lease = try content(name)
        var holder = ""
        if case .string(let name)? = lease?["instance"] { holder = name }
        let created = volume.status(of: name)?.changed ?? now()
        let until = time(lease?["until"]) ?? FeedbackTime(milliseconds: created.milliseconds + leaseTime)
        return .leased(attempt: attempt, until: until, instance: holder)
    }

    private func time(_ json: JSON?) -> FeedbackTime? {
        if case .string(let text)? = json { FeedbackTime(text) } else { nil }
    }

    /// Whether a time has come.
    ///
    /// One that is farther away than it can be says that a clock was wrong.
    private func isOver(_ time: FeedbackTime, within longest: Int) -> Bool {
        let left = time.milliseconds - now().milliseconds
        return left <= 0 || left > longest
    }

    /// Whether the process that has created a file on this machine has ended, which its lock tells at once.
    private func isAbandoned(_ name: String, by holder: String) -> Bool {
        guard holder == instance else { return false }
        return (try? volume.reopen(name)) != nil
    }
}
