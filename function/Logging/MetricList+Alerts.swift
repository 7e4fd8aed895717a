import Feedback
import Telemetry

extension MetricList {
    /// The alerts that were raised, and the attempts to send them.
    mutating func alerts(_ counters: Counters) {
        let causes = counters.alerts.sorted { $0.key.rawValue < $1.key.rawValue }
        metric(
            "pinson_alerts_raised_total", .counter, "Alerts that this instance has raised, by cause.",
            causes.map { .init([("cause", $0.key.rawValue)], Double($0.value)) })
        let deliveries = counters.deliveries.sorted {
            ($0.key.channel, $0.key.result) < ($1.key.channel, $1.key.result)
        }
        metric(
            "pinson_alerts_total", .counter, "Attempts of this instance to send alerts, by channel and result.",
            deliveries.map {
                .init([("channel", $0.key.channel), ("result", $0.key.result)], Double($0.value))
            })
    }
}
