import Feedback
import Inference
import JSON
import ModelFile
import NIOHTTP1

extension Service {
    /// `GET /operator`: how this instance is doing, for the people who run it.
    func operatorState() -> Response {
        let counters = recorder.counters
        let activity = counters.activity
        let load = queue.load
        let now = FeedbackTime.now
        let minutes = activity.minutes.slots(until: now.milliseconds / 1000)
        var latency = LatencyHistogram()
        for slot in minutes { latency.add(slot.latency) }
        func number(_ value: Int) -> JSON { .number(Double(value)) }
        var response = Response.json { writer in
            writer.beginObject()
            writer.member("model", classifier.name)
            writer.member("version", pinsonVersion)
            writer.member("instance", FeedbackInstance.current.name)
            writer.member("labels", .array(classifier.labels.map { .string($0) }))
            writer.member("time", "\(now)")
            writer.member("uptime_seconds", number((now.milliseconds - started.milliseconds) / 1000))
            writer.member("ready", .bool(lifecycle.isReady))
            writer.member("memory_bytes", number(residentBytes()))
            writer.member("requests", counters.requestTotals)
            writer.member("texts", ["classified": number(counters.texts), "truncated": number(counters.truncated)])
            writer.member("latency_ms", latency.json)
            writer.member(
                "queue",
                [
                    "waiting": number(load.waiting), "running": number(load.running),
                    "limit": number(queue.options.requestLimit),
                ])
            writer.member("connections", number(connections.counts.open))
            writer.member("reports", counters.reportTotals)
            for (key, slots, seconds) in [
                ("minutes", minutes, 60), ("hours", activity.hours.slots(until: now.milliseconds / 1000), 3600),
            ] {
                writer.member(key, .array(slots.map { $0.json(seconds: seconds, labels: classifier.labels.count) }))
            }
            writer.member("drift", driftMonitor?.json ?? .null)
            writer.member("alerts", alertDesk?.json ?? .null)
            writer.member("recent_reports", .array(activity.reports.map(\.json)))
            writer.endObject()
        }
        response.headers.append(("Cache-Control", "no-store"))
        return response
    }
}

extension Counters {
    fileprivate var requestTotals: JSON {
        let errors = requests.filter { $0.key.status >= 400 }.reduce(0) { $0 + $1.value }
        return [
            "total": .number(Double(requests.reduce(0) { $0 + $1.value })), "errors": .number(Double(errors)),
            "refused": .number(Double(refused)),
        ]
    }

    fileprivate var reportTotals: JSON {
        [
            "durable": .number(Double(reports.durable)), "logged": .number(Double(reports.logged)),
            "refused": .number(Double(reports.refused)), "incorrect": .number(Double(incorrect)),
            "erased": .number(Double(erasures)),
        ]
    }
}

extension LatencyHistogram {
    /// Percentiles in milliseconds, or null if there were no requests.
    fileprivate var json: JSON {
        func percentile(_ share: Double) -> JSON { self.percentile(share).map { .number($0 * 1000) } ?? .null }
        return ["p50": percentile(0.5), "p95": percentile(0.95), "p99": percentile(0.99)]
    }
}

extension Timeline.Slot {
    fileprivate func json(seconds: Int, labels count: Int) -> JSON {
        [
            "time": .string("\(FeedbackTime(milliseconds: number * seconds * 1000))"),
            "requests": .number(Double(requests)), "errors": .number(Double(errors)), "latency_ms": latency.json,
            "labels": .array((0..<count).map { .number(Double($0 < labels.count ? labels[$0] : 0)) }),
        ]
    }
}

extension Activity.Report {
    fileprivate var json: JSON {
        guard case .object(let members) = record.json else { return .null }
        return .object(members + [.init(key: "durable", value: .bool(isDurable))])
    }
}
