import Telemetry

extension MetricList {
    /// What became of the events of the telemetry.
    mutating func telemetry(_ counts: [DestinationCounts]) {
        metric(
            "pinson_telemetry_events_total", .counter,
            "Events for each server of telemetry, by what became of them. All but those that were sent are lost.",
            counts.flatMap { count in
                count.results.map {
                    .init([("destination", count.destination), ("result", $0.name)], Double($0.count))
                }
            })
        metric(
            "pinson_telemetry_waiting", .gauge, "Events that wait for a server of telemetry, or are being sent.",
            counts.map { .init([("destination", $0.destination)], Double($0.waiting)) })
        metric(
            "pinson_telemetry_failures_total", .counter, "Requests to servers of telemetry that have failed.",
            counts.map { .init([("destination", $0.destination)], Double($0.failures)) })
    }
}
