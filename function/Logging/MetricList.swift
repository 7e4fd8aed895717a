import Glibc
import Telemetry

/// The metrics of the function, as they are at a moment.
struct MetricList {
    /// The values that hold at the moment of the request.
    struct Gauges {
        var waiting: Int
        var running: Int
        var waitingTokens: Int
        var waitingReports = 0
        var queue: InferenceQueue.Options
        var connections: Connections.Counts
        var isReady: Bool
        var model: String
        var version: String
    }

    private(set) var metrics: [Metric] = []

    init(_ counters: Counters, _ gauges: Gauges) {
        let requests = counters.requests.sorted { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }
        metric(
            "pinson_requests_total", .counter, "Requests answered, by route and status.",
            requests.map { .init([("route", $0.key.route), ("status", "\($0.key.status)")], Double($0.value)) })
        metric(
            "pinson_errors_total", .counter, "Requests answered with a status of 400 or more.",
            requests.filter { $0.key.status >= 400 }.reduce(0) { $0 + $1.value })
        metric(
            "pinson_predict_seconds", .histogram(counters.latency),
            "Seconds from the last byte of a request to its answer.", [])
        metric("pinson_texts_total", .counter, "Texts classified.", counters.texts)
        metric("pinson_tokens_total", .counter, "Tokens of the classified texts.", counters.tokens)
        metric(
            "pinson_truncated_texts_total", .counter, "Texts that had more tokens than the model reads.",
            counters.truncated)
        let reports = counters.reports
        metric(
            "pinson_feedback_total", .counter, "Reports about predictions, by what became of them.",
            [("durable", reports.durable), ("logged", reports.logged), ("refused", reports.refused)].map {
                .init([("result", $0.0)], Double($0.1))
            })
        metric("pinson_feedback_incorrect_total", .counter, "Reports of a wrong prediction.", counters.incorrect)
        metric("pinson_feedback_erased_total", .counter, "Reports that were erased.", counters.erasures)
        metric(
            "pinson_feedback_commits_total", .counter, "Groups of reports that were written to the volume.",
            counters.commits)
        metric("pinson_feedback_waiting", .gauge, "Reports that wait for the volume.", gauges.waitingReports)
        alerts(counters)
        metric("pinson_queue_waiting", .gauge, "Requests that wait for a worker.", gauges.waiting)
        metric("pinson_queue_running", .gauge, "Requests that a worker is computing.", gauges.running)
        metric("pinson_queue_limit", .gauge, "Requests that may wait.", gauges.queue.requestLimit)
        metric("pinson_queue_tokens", .gauge, "Tokens that wait for a worker, as estimated.", gauges.waitingTokens)
        metric("pinson_queue_token_limit", .gauge, "Tokens that may wait.", gauges.queue.tokenLimit)
        metric(
            "pinson_queue_refused_total", .counter, "Requests refused because the queue was full.", counters.refused)
        metric("pinson_connections", .gauge, "Open connections.", gauges.connections.open)
        metric(
            "pinson_connections_refused_total", .counter, "Connections closed at once because there were too many.",
            gauges.connections.refused)
        metric(
            "pinson_connections_evicted_total", .counter,
            "Connections closed to make room, because they had waited for their client.", gauges.connections.evicted)
        metric("pinson_ready", .gauge, "1 if new requests are accepted, else 0.", gauges.isReady ? 1 : 0)
        metric(
            "pinson_info", .info, "The model and the version of Pinson.",
            [.init([("model", gauges.model), ("version", gauges.version)], 1)])
        metric("process_resident_memory_bytes", .gauge, "Resident memory.", residentBytes())
    }

    mutating func metric(_ name: String, _ kind: Metric.Kind, _ help: String, _ samples: [Metric.Sample]) {
        metrics.append(Metric(name, kind, help, samples))
    }

    mutating func metric(_ name: String, _ kind: Metric.Kind, _ help: String, _ value: Int) {
        metric(name, kind, help, [.init([], Double(value))])
    }
}

/// The size of the pages that are in memory now, in bytes, or 0 if the system does not report it.
func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let parts = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
        separator: " ")
    return parts.count > 1 ? (Int(parts[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
}
