import Feedback
import Telemetry

/// Counts what the function does.
///
/// It is a plain value, which `Recorder` protects.
struct Counters: Sendable {
    /// The upper bounds of the latency buckets, in seconds.
    static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

    /// A route and a status, under which answers are counted.
    struct Key: Hashable, Sendable {
        var route: String
        var status: UInt
    }

    private(set) var requests: [Key: Int] = [:]
    private(set) var latency = Histogram(bounds: bounds)
    private(set) var texts = 0
    private(set) var tokens = 0
    private(set) var truncated = 0
    private(set) var refused = 0

    /// Reports that are on the volume, that are only in the log, and that were refused.
    private(set) var reports = (durable: 0, logged: 0, refused: 0)
    /// Reports of a wrong prediction.
    private(set) var incorrect = 0
    private(set) var erasures = 0
    /// What happened lately.
    var activity = Activity()
    /// The number of times that the volume was waited for.
    private(set) var commits = 0

    /// A channel of alerts and what became of an attempt to send one.
    struct Delivery: Hashable, Sendable {
        var channel: String
        var result: String
    }

    /// The alerts that were raised, by their causes.
    private(set) var alerts: [Alert.Cause: Int] = [:]
    /// The attempts to send alerts.
    private(set) var deliveries: [Delivery: Int] = [:]

    /// Counts an alert.
    mutating func countAlert(_ cause: Alert.Cause) { alerts[cause, default: 0] += 1 }

    /// Counts an attempt to send an alert.
    mutating func countDelivery(_ channel: String, _ result: String) {
        deliveries[Delivery(channel: channel, result: result), default: 0] += 1
    }

    /// Counts an answer.
    ///
    /// - Parameters:
    ///   - route: One of a fixed set of names, so that unknown paths cannot fill the memory.
    ///   - status: The status of the answer.
    ///   - seconds: The time from the last byte of the request to the answer.
    ///   - trace: The trace of the request.
    mutating func countRequest(route: String, status: UInt, seconds: Double, trace: Trace? = nil) {
        requests[Key(route: route, status: status), default: 0] += 1
        guard route == "/predict" else { return }
        latency.add(seconds, trace)
    }

    /// Counts classified texts.
    mutating func countPredictions(texts: Int, tokens: Int, truncated: Int) {
        self.texts += texts
        self.tokens += tokens
        self.truncated += truncated
    }

    /// Counts a request that was refused because the queue was full.
    mutating func countRefusal() { refused += 1 }

    /// Counts a report.
    mutating func countReport(isDurable: Bool, isIncorrect: Bool) {
        if isDurable { reports.durable += 1 } else { reports.logged += 1 }
        if isIncorrect { incorrect += 1 }
    }

    /// Counts a report that was not kept.
    mutating func countRefusedReport() { reports.refused += 1 }

    /// Counts a report that was erased.
    mutating func countErasure() { erasures += 1 }

    /// Counts a group of reports that was written.
    mutating func countCommit() { commits += 1 }
}
