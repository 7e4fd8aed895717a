import JSON

@testable import Telemetry

/// Events of every kind, with all values given.
enum Events {
    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let time = Timestamp(nanoseconds: 1_790_000_000_123_456_000)

    static func context() -> Trace? {
        Trace(traceparent: "00-\(trace)-b7ad6b7169203331-01", tracestate: "vendor=1,other=a:b", cloud: nil)
    }

    static func request(_ status: Int = 200, trace: Trace? = context(), id: String = "r1") -> TelemetryEvent {
        TelemetryEvent(
            .request(
                AnsweredRequest(
                    method: "POST", scheme: "https", host: "example.com", path: "/api/predict", route: "/predict",
                    status: status, duration: 12_345_678, id: id)), trace: trace, time: time)
    }

    static func report() -> TelemetryEvent {
        TelemetryEvent(
            .message("prediction_feedback_reported", .warning),
            [
                Attribute("text", "bad \"day\"\n☹️"), Attribute("predicted_label", "positive"),
                Attribute("score", .double(0.91)), Attribute("expected_label", "negative"),
                Attribute("comment", "no"), Attribute("is_correct", .bool(false)),
            ], trace: context(), time: time)
    }

    static func badPrediction() -> TelemetryEvent {
        TelemetryEvent(
            .message("Bad prediction", .warning),
            [
                Attribute("tweet", "late"), Attribute("prediction", "positive"),
                Attribute("probability", .double(1)), Attribute("number", .integer(3)),
            ], trace: context(), time: time)
    }

    static func exception() -> TelemetryEvent {
        TelemetryEvent(
            .exception(type: "FileError", message: "Reports cannot be kept.", .error),
            [Attribute("path", "/reports")], trace: context(), time: time)
    }

    static let all = [request(), request(404), request(503), report(), badPrediction(), exception()]

    /// Metrics of every kind.
    static func metrics() -> [Metric] {
        var histogram = Histogram(bounds: [0.5, 1])
        for value in [0.25, 0.5, 7] { histogram.add(value, value == 7 ? context() : nil) }
        return [
            Metric(
                "pinson_requests_total", .counter, "Requests answered.",
                [
                    .init([("route", "/predict"), ("status", "200")], 12),
                    .init([("route", "a\"\\\nb"), ("status", "404")], 1),
                ]),
            Metric("pinson_share", .gauge, "A share.", [.init([], 0.125)]),
            Metric("pinson_info", .info, "The model.", [.init([("model", "m")], 1)]),
            Metric("pinson_predict_seconds", .histogram(histogram), "Seconds.", []),
            Metric("pinson_nothing_total", .counter, "Nothing yet.", []),
        ]
    }

    /// Settings for a test, from variables.
    static func settings(_ variables: [String: String]) throws -> TelemetrySettings {
        try TelemetrySettings { variables[$0] }
    }

    static let key = "0f0e0d0c-1111-2222-3333-444455556666"

    static func insights(port: Int) -> [String: String] {
        [
            "APPLICATIONINSIGHTS_CONNECTION_STRING":
                "InstrumentationKey=\(key);IngestionEndpoint=http://127.0.0.1:\(port)/"
        ]
    }

    static func resource(_ settings: TelemetrySettings) -> Resource {
        Resource(settings, version: "0.1.0", instance: "host-1", model: "tiny")
    }
}
