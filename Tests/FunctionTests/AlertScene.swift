import Alerts
import Feedback
import Fixtures

@testable import function

/// Several instances that share a volume, a clock, and a channel.
final class AlertScene {
    let volume = TransientVolume()
    let folder = TransientVolume()
    var time = 1_790_000_000_000
    var settings = AlertSettings()
    /// The messages that were sent, by the instance that has sent them.
    var sent: [(host: String, message: AlertMessage, task: AlertTask)] = []
    var events: [AlertEvent] = []
    private var log: FeedbackLog?

    init() throws {
        settings = try AlertSettings { ["ALERT_WEBHOOK_URL": "http://127.0.0.1:1/"][$0] }
    }

    func worker(_ host: String = "a", hasVolume: Bool = true) -> AlertWorker {
        AlertWorker(
            settings,
            outbox: Outbox(
                folder, instance: FeedbackInstance(host: host, boot: "1"),
                now: { [unowned self] in FeedbackTime(milliseconds: time) }),
            tail: FeedbackTail(hasVolume ? volume : nil, horizon: AlertWorker.horizon(settings)),
            random: Seeded(1), now: { [unowned self] in FeedbackTime(milliseconds: time) },
            describe: { alert, reports in
                AlertMessage(
                    alert, reports: reports, model: "m", version: "1", instance: host, threshold: 3)
            },
            send: { [unowned self] message, task in sent.append((host, message, task)) },
            tell: { [unowned self] event in events.append(event) })
    }

    func record(_ text: String) -> FeedbackRecord {
        let now = FeedbackTime(milliseconds: time)
        return FeedbackRecord(
            id: FeedbackID(time: now), time: now, content: .text(text), predicted: "positive", score: 0.9,
            isCorrect: false)
    }

    /// Keeps a report on the volume.
    @discardableResult
    func report(_ text: String, after seconds: Int = 0) throws -> FeedbackRecord {
        time += seconds * 1000
        let log =
            log
            ?? FeedbackLog(
                volume, instance: FeedbackInstance(host: "log", boot: ""),
                options: FeedbackOptions(storage: .append),
                now: { [unowned self] in FeedbackTime(milliseconds: time) }, steady: { [unowned self] in time })
        self.log = log
        let record = record(text)
        try log.append([.report(record)])
        return record
    }

    /// What was told, in short.
    var story: [String] {
        events.map { event in
            switch event {
            case .raised(let alert): "raised \(alert.number)"
            case .logged(let message): "logged \(message.alert.number)"
            case .delivered(let alert, _, _): "delivered \(alert.number)"
            case .failed(let alert, _, _, let attempt, _): "failed \(alert.number), attempt \(attempt)"
            case .givenUp(let alert, _, let attempts): "given up \(alert.number) after \(attempts)"
            case .interrupted(let alert, let channel): "interrupted \(alert.number) \(channel)"
            case .volumeFailed: "volume failed"
            }
        }
    }
}
