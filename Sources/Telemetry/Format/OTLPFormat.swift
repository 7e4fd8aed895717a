import JSON
import WebClient

/// Requests as spans, messages as log records, or metrics, in the JSON of the OpenTelemetry protocol.
///
/// - Source: OpenTelemetry Protocol 1.9, JSON Protobuf Encoding; semantic conventions of HTTP and of exceptions.
struct OTLPFormat: Format {
    let signal: Signal
    let destination: String
    let contentType = "application/json"
    private let resource: Resource

    init(_ signal: Signal, _ resource: Resource) {
        (self.signal, self.resource, destination) = (signal, resource, "otlp_\(signal.rawValue)")
    }

    func accepts(_ event: TelemetryEvent) -> Bool {
        switch event.content {
        case .request: signal == .traces && event.trace?.isSampled != false
        case .message, .exception: signal == .logs
        case .metrics: signal == .metrics
        }
    }

    func item(_ event: TelemetryEvent) -> [UInt8] {
        if case .metrics(let metrics, let start) = event.content {
            return OTLPMetrics(start: start, time: event.time).items(metrics)
        }
        var writer = JSONWriter()
        writer.beginObject()
        switch event.content {
        case .metrics: break
        case .request(let request): write(request, event, &writer)
        case .message(let text, let severity): write(text, severity, event.attributes, event, &writer)
        case .exception(let type, let message, let severity):
            let attributes = [Attribute("exception.type", type), Attribute("exception.message", message)]
            write(message, severity, attributes + event.attributes, event, &writer)
        }
        writer.endObject()
        return writer.bytes
    }

    private func write(_ request: AnsweredRequest, _ event: TelemetryEvent, _ writer: inout JSONWriter) {
        if let trace = event.trace {
            writer.member("traceId", trace.id)
            writer.member("spanId", trace.span ?? "")
            if let parent = trace.parent { writer.member("parentSpanId", parent) }
            if !trace.state.isEmpty { writer.member("traceState", trace.state) }
            writer.member("flags", .number(trace.isSampled == false ? 0 : 1))
        }
        writer.member("name", "\(request.method) \(request.route)")
        writer.member("kind", .number(2))  // a server
        writer.member("startTimeUnixNano", "\(event.time.nanoseconds)")
        writer.member("endTimeUnixNano", "\(event.time.nanoseconds + request.duration)")
        var attributes = [
            Attribute("http.request.method", request.method), Attribute("url.scheme", request.scheme),
            Attribute("url.path", request.path), Attribute("http.route", request.route),
            Attribute("http.response.status_code", .integer(request.status)), Attribute("requestId", request.id),
        ]
        attributes += Self.server(request.host)
        if request.status >= 500 { attributes.append(Attribute("error.type", "\(request.status)")) }
        Self.write(attributes + event.attributes, &writer)
        if request.status >= 500 { writer.member("status", ["code": .number(2)]) }
    }

    /// The header `Host` as the name of the server and its port.
    private static func server(_ host: String) -> [Attribute] {
        guard !host.isEmpty else { return [] }
        guard let colon = host.lastIndex(of: ":"), let port = UInt16(host[host.index(after: colon)...]) else {
            return [Attribute("server.address", host)]
        }
        return [Attribute("server.address", String(host[..<colon])), Attribute("server.port", .integer(Int(port)))]
    }

    private func write(
        _ text: String, _ severity: Severity, _ attributes: [Attribute], _ event: TelemetryEvent,
        _ writer: inout JSONWriter
    ) {
        writer.member("timeUnixNano", "\(event.time.nanoseconds)")
        writer.member("observedTimeUnixNano", "\(event.time.nanoseconds)")
        writer.member("severityNumber", .number(Double(severity.number)))
        writer.member("severityText", severity.rawValue)
        writer.member("body", ["stringValue": .string(text)])
        Self.write(attributes, &writer)
        guard let trace = event.trace else { return }
        writer.member("traceId", trace.id)
        if let span = trace.span { writer.member("spanId", span) }
        writer.member("flags", .number(trace.isSampled == true ? 1 : 0))
    }

    /// Writes a list of attributes as a member.
    static func write(_ attributes: [Attribute], _ writer: inout JSONWriter) {
        writer.key("attributes")
        writer.beginArray()
        for attribute in attributes {
            writer.beginObject()
            writer.member("key", attribute.key)
            writer.key("value")
            writer.beginObject()
            switch attribute.value {
            case .string(let text): writer.member("stringValue", text)
            case .integer(let number): writer.member("intValue", "\(number)")
            case .double(let number): writer.member("doubleValue", .number(number))
            case .bool(let value): writer.member("boolValue", .bool(value))
            }
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
    }

    func body(_ items: [[UInt8]]) -> [UInt8] {
        let (outer, inner, list) =
            switch signal {
            case .traces: ("resourceSpans", "scopeSpans", "spans")
            case .logs: ("resourceLogs", "scopeLogs", "logRecords")
            case .metrics: ("resourceMetrics", "scopeMetrics", "metrics")
            }
        var writer = JSONWriter()
        Self.write(resource.attributes, &writer)
        let attributes = String(decoding: writer.bytes, as: UTF8.self)
        let scope = #"{"scope":{"name":"pinson","version":"\#(resource["service.version"])"},"\#(list)":["#
        let head = #"{"\#(outer)":[{"resource":{\#(attributes)},"\#(inner)":[\#(scope)"#
        return Array(head.utf8) + Array(items.joined(separator: [UInt8(ascii: ",")])) + Array("]}]}]}".utf8)
    }

    func outcome(_ answer: WebAnswer, _ count: Int) -> Outcome {
        switch answer.status {
        case 200..<300: .taken(rejected: min(count, rejected(answer.body)))
        case 429, 502, 503, 504: .again(items: Array(0..<count), rejected: 0)
        default: .rejected
        }
    }

    /// The number in `{"partialSuccess":{"rejectedSpans":"2"}}`, which must not be sent again.
    private func rejected(_ body: [UInt8]) -> Int {
        let key =
            switch signal {
            case .traces: "rejectedSpans"
            case .logs: "rejectedLogRecords"
            case .metrics: "rejectedDataPoints"
            }
        switch (try? JSON(parsing: body))?["partialSuccess"]?[key] {
        case .string(let digits)?: return max(0, Int(digits) ?? 0)
        case .number(let number)?: return max(0, Int(exactly: number.rounded()) ?? 0)
        default: return 0
        }
    }
}
