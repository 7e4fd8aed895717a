import Alerts
import Feedback
import JSON

extension AlertDesk {
    /// When alerts are raised, and how far the last ones have come.
    var json: JSON {
        let rule = settings.rule
        return [
            "threshold": .number(Double(rule.threshold)), "window_seconds": .number(Double(rule.window / 1000)),
            "channels": .array(settings.channels.map { .string($0.name) }),
            "recent": .array(progress.map(\.json)),
        ]
    }
}

extension AlertProgress {
    fileprivate var json: JSON {
        [
            "number": .number(Double(alert.number)), "time": .string("\(alert.time)"),
            "cause": .string(alert.cause.rawValue), "reports": .number(Double(alert.reports.count)),
            "channels": .array(channels.map { ["name": .string($0.name), "state": .string($0.stage.rawValue)] }),
        ]
    }
}
