import Alerts
import Feedback
import Files
import JSON
import WebClient

/// Decides about alerts, and follows them until they have arrived: each step takes what has happened, and says how long
/// the next one has time.
///
/// Everything that has to survive is on the volume, so a step may be the first one of a new process at any time. It is
/// used from one thread.
struct AlertWorker {
    /// What has happened since the last step.
    struct Events {
        /// Reports that are on no volume.
        var records: [FeedbackRecord] = []
        var waiters: [AlertWaiter] = []
        var results: [(task: AlertTask, result: Result<String?, DeliveryFailure>)] = []
        /// Facts of an alert about drift.
        var drift: [(name: String, value: String)]?
    }

    private let settings: AlertSettings
    private let outbox: Outbox
    private var tail: FeedbackTail
    private let now: () -> FeedbackTime
    private let describe: (Alert, [FeedbackExcerpt]) -> AlertMessage
    private let send: (AlertMessage, AlertTask) -> Void
    private let tell: (AlertEvent) -> Void
    private var random: any RandomNumberGenerator

    /// What this process is sending.
    private var sending: [AlertTask: Lease] = [:]
    /// What was delivered, although the volume has not taken the result yet.
    private var unwritten: [AlertTask: Lease] = [:]
    private var waiters: [AlertWaiter] = []
    private var volumeFailure: String?

    /// The name of the channel that is the log.
    static let log = "log"
    /// The pause while nothing is known to be due, in milliseconds.
    ///
    /// Other instances may have left something.
    static let poll = 60_000
    /// The pause after the volume has failed, in milliseconds.
    static let volumePause = 5_000
    /// The clocks of instances may differ by this time, in milliseconds.
    static let slack = 60 * 60 * 1000
    /// How often a decision is made again at once, because another instance was faster.
    static let attempts = 20
    /// The time between two alerts about drift, in milliseconds.
    static let driftCooldown = 24 * 60 * 60 * 1000

    /// - Parameters:
    ///   - settings: When alerts are raised, and how long they are tried.
    ///   - outbox: Where alerts are kept.
    ///   - tail: Where reports come from.
    ///   - random: The source of the random part of pauses.
    ///   - now: The time.
    ///   - describe: Makes the message of an alert.
    ///   - send: Starts to send a message. The result is an event of a later step.
    ///   - tell: Hears what has happened.
    init(
        _ settings: AlertSettings, outbox: Outbox, tail: FeedbackTail,
        random: any RandomNumberGenerator = SystemRandomNumberGenerator(), now: @escaping () -> FeedbackTime = { .now },
        describe: @escaping (Alert, [FeedbackExcerpt]) -> AlertMessage,
        send: @escaping (AlertMessage, AlertTask) -> Void, tell: @escaping (AlertEvent) -> Void
    ) {
        (self.settings, self.outbox, self.tail, self.random, self.now) = (settings, outbox, tail, random, now)
        (self.describe, self.send, self.tell) = (describe, send, tell)
    }

    /// Whether something is being sent.
    var isSending: Bool { !sending.isEmpty }

    /// How far the last alerts have come.
    func progress() throws(FileError) -> [AlertProgress] { try outbox.progress(ofLast: AlertDesk.shown) }

    /// Does what is due.
    ///
    /// - Returns: The milliseconds until the next step, unless something happens before.
    mutating func step(_ events: Events) -> Int {
        for record in events.records { tail.add(record, now: now()) }
        waiters += events.waiters
        var pause = Self.poll
        do throws(FileError) {
            try outbox.refresh()
            for (task, result) in events.results { try settle(task, result) }
            for (task, lease) in unwritten {
                try outbox.finish(lease, .delivered)
                unwritten[task] = nil
            }
            try tail.update(now: now())
            pause = min(pause, try decide())
            if let drift = events.drift { try raise(drift) }
            pause = min(pause, try deliver())
            try answer()
            try outbox.removeFinished(before: FeedbackTime(milliseconds: now().milliseconds - horizon - Self.slack))
            volumeFailure = nil
        } catch {
            if volumeFailure != "\(error)" { tell(.volumeFailed("\(error)")) }
            volumeFailure = "\(error)"
            for waiter in waiters { waiter.answer(false) }
            waiters = []
            pause = Self.volumePause
        }
        return pause
    }

    /// The age of the oldest report that can still be part of an alert, in milliseconds.
    var horizon: Int { Self.horizon(settings) }

    static func horizon(_ settings: AlertSettings) -> Int {
        settings.longestAge + settings.rule.window + settings.rule.cooldown
    }

    /// Raises the alerts that are due, and returns the milliseconds until one may be due.
    private func decide() throws(FileError) -> Int {
        for _ in 0..<Self.attempts {
            guard !outbox.isUnsettled else { return 1000 }
            let reported = outbox.reported
            let reports = tail.reports.filter { !reported.contains($0.key) }.map { ($0.key, $0.value.time) }
            switch settings.rule.decide(reports, last: outbox.last(.reports), now: now()) {
            case .none: return Self.poll
            case .wait(let time): return max(1, time.milliseconds - now().milliseconds)
            case .alert(let ids):
                let alert = Alert(.reports, reports: ids, channels: channels, time: now())
                if let raised = try outbox.raise(alert) { tell(.raised(raised)) } else { try outbox.refresh() }
            }
        }
        // The names of new files appear late on some volumes.
        return 1000
    }

    private var channels: [String] { [Self.log] + settings.channels.map(\.name) }

    private func raise(_ facts: [(name: String, value: String)]) throws(FileError) {
        for _ in 0..<Self.attempts {
            if let last = outbox.last(.drift),
                (0..<Self.driftCooldown).contains(now().milliseconds - last.milliseconds)
            {
                return
            }
            let members = facts.map { ($0.name, $0.value) }
            let alert = Alert(
                .drift, facts: .object(members.map { .init(key: $0.0, value: .string($0.1)) }), channels: channels,
                time: now())
            if let raised = try outbox.raise(alert) { return tell(.raised(raised)) }
            try outbox.refresh()
        }
    }

    /// Starts to send what is due, and returns the milliseconds until more is due.
    private mutating func deliver() throws(FileError) -> Int {
        var pause = Self.poll
        for (number, channel, due) in try outbox.pending() {
            let task = AlertTask(number: number, channel: channel)
            guard sending[task] == nil, unwritten[task] == nil, let alert = outbox.alerts[number] else { continue }
            let isTooOld = now().milliseconds - alert.time.milliseconds > settings.longestAge
            guard isTooOld || channels.contains(channel) else { continue }
            guard let lease = try outbox.claim(number, channel) else {
                pause = min(pause, max(1000, due.milliseconds - now().milliseconds))
                continue
            }
            if lease.followsInterruption { tell(.interrupted(alert, channel: channel)) }
            if isTooOld {
                try outbox.finish(lease, .givenUp)
                tell(.givenUp(alert, channel: channel, attempts: lease.attempt - 1))
                continue
            }
            let message = describe(alert, alert.reports.compactMap { tail.reports[$0] })
            if channel == Self.log {
                tell(.logged(message))
                try outbox.finish(lease, .delivered)
            } else {
                sending[task] = lease
                send(message, task)
            }
        }
        return pause
    }

    /// Writes what became of an attempt.
    private mutating func settle(_ task: AlertTask, _ result: Result<String?, DeliveryFailure>) throws(FileError) {
        guard let lease = sending.removeValue(forKey: task), let alert = outbox.alerts[task.number] else { return }
        switch result {
        case .success(let remark):
            tell(.delivered(alert, channel: task.channel, remark: remark))
            unwritten[task] = lease
        case .failure(let failure):
            let pause = Backoff().delay(
                after: lease.attempt, isRefusal: failure.isRefusal, requested: failure.retryAfter, using: &random)
            tell(.failed(alert, channel: task.channel, failure, attempt: lease.attempt, pause: pause))
            try outbox.fail(
                lease, retry: FeedbackTime(milliseconds: now().milliseconds + pause), reason: "\(failure)")
        }
    }

    /// Answers the requests about whose alerts everything is known.
    private mutating func answer() throws(FileError) {
        guard !waiters.isEmpty else { return }
        var left: [AlertWaiter] = []
        let waiting = Set(waiters.map(\.report))
        var owners: [FeedbackID: Alert] = [:]
        for alert in outbox.alerts.values {
            for report in alert.reports where waiting.contains(report) { owners[report] = alert }
        }
        for waiter in waiters {
            guard let alert = owners[waiter.report] else {
                waiter.answer(false)
                continue
            }
            let others = alert.channels.filter { $0 != Self.log }
            let results = try others.map { channel throws(FileError) in try outbox.result(alert.number, channel) }
            if results.contains(.delivered) {
                waiter.answer(true)
            } else if others.contains(where: { sending[AlertTask(number: alert.number, channel: $0)] != nil }) {
                left.append(waiter)
            } else {
                waiter.answer(false)
            }
        }
        waiters = left
    }
}
