import Glibc
import Inference
import JSON
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import Telemetry

/// Records what the function does: it owns the counters and writes the log lines of requests.
final class Recorder: Sendable {
    private let state = NIOLockedValueBox(Counters())
    let log: Log
    let settings: Settings
    /// Tells servers what happens, or nil if none is set.
    let telemetry: Telemetry?

    init(_ log: Log, _ settings: Settings, telemetry: Telemetry? = nil) {
        self.log = log
        self.settings = settings
        self.telemetry = telemetry
    }

    /// Whether texts may appear in the log.
    var logsText: Bool { settings.logsText }

    /// The counters as they are now.
    var counters: Counters { state.withLockedValue { $0 } }

    /// Changes the counters.
    func count(_ change: (inout Counters) -> Void) { state.withLockedValue(change) }

    /// Writes a line to the log, and tells servers of it if it is important.
    ///
    /// - Parameters:
    ///   - severity: The importance.
    ///   - message: What has happened.
    ///   - fields: More about it.
    ///   - trace: The request that it belongs to.
    ///   - exception: The type of the error, if this is one.
    func write(
        _ severity: Severity, _ message: String, _ fields: [String: JSON], trace: Trace? = nil,
        exception: String? = nil
    ) {
        log.write(severity, message, fields, trace: trace, project: settings.project)
        tell(severity, message, fields, trace: trace, exception: exception)
    }

    /// A request was answered.
    func answered(_ request: Request, _ route: Route, _ status: HTTPResponseStatus, since received: NIODeadline) {
        let duration = NIODeadline.now() - received
        let seconds = Double(duration.nanoseconds) / 1e9
        state.withLockedValue {
            $0.countRequest(route: route.name, status: status.code, seconds: seconds, trace: request.trace)
            guard !route.isProbe, route.endpoint != .operator else { return }
            $0.activity.countAnswer(
                isError: status.code >= 400, seconds: route.endpoint == .predict ? seconds : nil, at: time(nil))
        }
        tell(request, route, status, Int(duration.nanoseconds))
        let severity: Severity =
            status.code >= 500 ? .error : status.code >= 400 ? .warning : route.isProbe ? .debug : .info
        guard severity >= settings.logLevel else { return }
        let path = String(request.path.prefix(200))
        log.write(
            severity, "\(request.method.rawValue) \(path) \(status.code)",
            [
                "httpRequest": [
                    "requestMethod": .string(request.method.rawValue), "requestUrl": .string(path),
                    "status": .number(Double(status.code)), "latency": .string(duration.inSeconds),
                ], "requestId": .string(request.id),
            ], trace: request.trace, project: settings.project)
    }

    /// Texts were classified.
    ///
    /// They are logged only if the settings allow it.
    func classified(_ texts: [String], _ predictions: [Prediction], labels: [String], trace: Trace?) {
        state.withLockedValue {
            $0.countPredictions(
                texts: predictions.count, tokens: predictions.reduce(0) { $0 + $1.tokens },
                truncated: predictions.count { $0.isTruncated })
            $0.activity.countLabels(predictions.lazy.map(\.label), at: time(nil))
        }
        guard settings.logsText else { return }
        for (text, prediction) in zip(texts, predictions) {
            log.write(
                .info, "prediction", ["text": .string(text), "label": .string(labels[prediction.label])],
                trace: trace, project: settings.project)
        }
    }

    /// More connections are open than the settings allow.
    func tooManyConnections() {
        let limit = settings.connections.connections
        write(
            .warning,
            "\(limit) connections are open, which is the limit. Until some of them end, new connections are refused "
                + "unless they ask for health or metrics. Set CONNECTION_LIMIT to a larger number to allow more.", [:])
    }

    /// No connection can be accepted now.
    func cannotAccept(_ reason: String) {
        write(
            .error, "New connections cannot be accepted: \(reason). The function tries again.", [:],
            exception: "AcceptError")
    }

    /// A request was refused because the queue was full.
    func refused() { state.withLockedValue { $0.countRefusal() } }
}

extension TimeAmount {
    /// The time in seconds with nine decimals and the unit, such as `0.000041300s`.
    ///
    /// - Source: Google Cloud, `HttpRequest.latency`; Protocol Buffers, JSON of `Duration`.
    var inSeconds: String {
        let (seconds, nanoseconds) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let decimals = String(nanoseconds)
        return "\(seconds).\(String(repeating: "0", count: 9 - decimals.count))\(decimals)s"
    }
}
