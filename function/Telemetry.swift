import Glibc
import NIOConcurrencyHelpers

/// What the function counts, as Prometheus reads it.
///
/// - Source: Prometheus text exposition format 0.0.4.
final class Telemetry: Sendable {
    /// Upper bounds of the latency buckets, in seconds.
    static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

    private struct Counts {
        var requests: [Key: Int] = [:]
        var buckets = [Int](repeating: 0, count: bounds.count + 1)
        var seconds = 0.0
        var texts = 0
        var tokens = 0
        var truncated = 0
        var refused = 0
    }

    private struct Key: Hashable {
        var route: String
        var status: UInt
    }

    private let counts = NIOLockedValueBox(Counts())

    /// - Parameter route: one of a fixed set, so that a stranger's paths do not fill the memory.
    func countRequest(route: String, status: UInt, seconds: Double) {
        counts.withLockedValue { counts in
            counts.requests[Key(route: route, status: status), default: 0] += 1
            guard route == "/predict" else { return }
            counts.buckets[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
            counts.seconds += seconds
        }
    }

    func countPredictions(texts: Int, tokens: Int, truncated: Int) {
        counts.withLockedValue { counts in
            counts.texts += texts
            counts.tokens += tokens
            counts.truncated += truncated
        }
    }

    func countRefusal() {
        counts.withLockedValue { $0.refused += 1 }
    }

    func text(load: (waiting: Int, running: Int), limit: Int, isReady: Bool, model: String, version: String) -> String {
        let counts = counts.withLockedValue { $0 }
        var out = ""
        func metric(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: String)]) {
            out += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
            for sample in samples { out += "\(name)\(sample.labels) \(sample.value)\n" }
        }
        func single(_ name: String, _ type: String, _ help: String, _ value: some Any) {
            metric(name, type, help, [("", "\(value)")])
        }
        let requests = counts.requests.sorted { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }
        metric(
            "pinson_requests_total", "counter", "Requests answered, by route and status.",
            requests.map { ("{route=\"\($0.key.route)\",status=\"\($0.key.status)\"}", "\($0.value)") })
        single(
            "pinson_errors_total", "counter", "Requests answered with a status of 400 or more.",
            requests.filter { $0.key.status >= 400 }.reduce(0) { $0 + $1.value })

        out +=
            "# HELP pinson_predict_seconds From the last byte of a request to its answer.\n# TYPE pinson_predict_seconds histogram\n"
        var total = 0
        for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], counts.buckets) {
            total += count
            out += "pinson_predict_seconds_bucket{le=\"\(bound)\"} \(total)\n"
        }
        out += "pinson_predict_seconds_sum \(counts.seconds)\npinson_predict_seconds_count \(total)\n"

        single("pinson_texts_total", "counter", "Texts classified.", counts.texts)
        single("pinson_tokens_total", "counter", "Tokens of these texts.", counts.tokens)
        single(
            "pinson_truncated_texts_total", "counter", "Texts that had more tokens than the model takes.",
            counts.truncated)
        single("pinson_queue_waiting", "gauge", "Requests that wait for a worker.", load.waiting)
        single("pinson_queue_running", "gauge", "Requests that are being computed.", load.running)
        single("pinson_queue_limit", "gauge", "Requests that may wait.", limit)
        single("pinson_queue_refused_total", "counter", "Requests refused because the queue was full.", counts.refused)
        single("pinson_ready", "gauge", "1 if new requests are taken.", isReady ? 1 : 0)
        metric(
            "pinson_info", "gauge", "The model and the build.",
            [("{model=\"\(escaped(model))\",version=\"\(version)\"}", "1")])
        single("process_resident_memory_bytes", "gauge", "Resident memory.", residentBytes())
        return out
    }

    private func escaped(_ label: String) -> String {
        label.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}

/// The pages that are in memory now, in bytes; 0 where the system does not tell.
private func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let parts = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
        separator: " ")
    return parts.count > 1 ? (Int(parts[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
}
