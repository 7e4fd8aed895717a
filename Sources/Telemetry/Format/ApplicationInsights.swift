import JSON
import WebClient

/// Events as rows of the tables `requests`, `traces` and `exceptions` of Application Insights.
///
/// The body has one object on each line.
///
/// - Source: Microsoft, the schemas of telemetry items, version 2; the payloads that its exporter for Python sends.
struct ApplicationInsights: Format {
    let destination = "application_insights"
    let contentType = "application/x-json-stream"
    private let key: String
    private let tags: [(String, String)]

    /// The most characters of a name, of a value and of a message.
    private static let (longestKey, longestValue, longestMessage) = (150, 8192, 32_768)

    init(_ settings: ConnectionString, _ resource: Resource) {
        key = settings.key
        let space = resource["service.namespace"]
        let instance = resource["service.instance.id"]
        tags = [
            ("ai.cloud.role", (space.isEmpty ? "" : space + ".") + resource["service.name"]),
            ("ai.cloud.roleInstance", instance), ("ai.internal.nodeName", instance),
            ("ai.application.ver", resource["service.version"]),
            ("ai.internal.sdkVersion", "pinson:\(resource["service.version"])"),
        ]
    }

    func accepts(_ event: TelemetryEvent) -> Bool {
        switch event.content {
        case .request: event.trace?.isSampled != false
        case .message, .exception: true
        case .metrics: false
        }
    }

    func item(_ event: TelemetryEvent) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        let (kind, schema) =
            switch event.content {
            case .request: ("Request", "RequestData")
            case .message, .metrics: ("Message", "MessageData")
            case .exception: ("Exception", "ExceptionData")
            }
        writer.member("name", "Microsoft.ApplicationInsights.\(kind)")
        writer.member("time", event.time.description)
        writer.member("iKey", key)
        if case .request = event.content, let rate = event.trace?.sampleRate {
            writer.member("sampleRate", .number(rate))
        }
        writer.key("tags")
        write(tagsOf: event, &writer)
        writer.key("data")
        writer.beginObject()
        writer.member("baseType", schema)
        writer.key("baseData")
        writer.beginObject()
        writer.member("ver", .number(2))
        write(event.content, trace: event.trace, &writer)
        write(propertiesOf: event, &writer)
        for _ in 0..<3 { writer.endObject() }
        return writer.bytes
    }

    private func write(tagsOf event: TelemetryEvent, _ writer: inout JSONWriter) {
        writer.beginObject()
        for (name, value) in tags { writer.member(name, value) }
        if let trace = event.trace {
            writer.member("ai.operation.id", trace.id)
            if case .request(let request) = event.content {
                if let parent = trace.parent { writer.member("ai.operation.parentId", parent) }
                writer.member("ai.operation.name", "\(request.method) \(request.route)")
            } else if let span = trace.span {
                writer.member("ai.operation.parentId", span)
            }
        }
        writer.endObject()
    }

    private func write(_ content: TelemetryEvent.Content, trace: Trace?, _ writer: inout JSONWriter) {
        switch content {
        case .request(let request):
            writer.member("id", trace?.span ?? "")
            writer.member("name", "\(request.method) \(request.route)")
            writer.member("duration", Self.duration(request.duration))
            writer.member("responseCode", String(request.status))
            writer.member("success", .bool(request.status < 400))
            if !request.host.isEmpty {
                writer.member("url", shortened("\(request.scheme)://\(request.host)\(request.path)", to: 2048))
            }
        case .message(let text, let severity):
            writer.member("message", shortened(text, to: Self.longestMessage))
            writer.member("severityLevel", .number(Double(severity.level)))
        case .exception(let type, let message, let severity):
            writer.member("severityLevel", .number(Double(severity.level)))
            writer.key("exceptions")
            writer.beginArray()
            writer.beginObject()
            writer.member("typeName", type)
            writer.member("message", shortened(message, to: Self.longestMessage))
            writer.member("hasFullStack", .bool(false))
            writer.endObject()
            writer.endArray()
        case .metrics: break  // Application Insights is not told of them.
        }
    }

    private func write(propertiesOf event: TelemetryEvent, _ writer: inout JSONWriter) {
        writer.key("properties")
        writer.beginObject()
        for attribute in event.attributes where attribute.key.utf8.count <= Self.longestKey {
            writer.member(attribute.key, shortened(attribute.value.text, to: Self.longestValue))
        }
        if case .request(let request) = event.content {
            writer.member("requestId", request.id)
        } else {
            writer.member("logger_name", "pinson")
        }
        writer.endObject()
    }

    /// A time as `d.hh:mm:ss.fff`.
    static func duration(_ nanoseconds: Int) -> String {
        var value = (nanoseconds + 500_000) / 1_000_000
        func part(_ divisor: Int, _ width: Int) -> String {
            let digits = String(value % divisor)
            value /= divisor
            return String(repeating: "0", count: width - digits.utf8.count) + digits
        }
        let fraction = part(1000, 3)
        let (seconds, minutes, hours) = (part(60, 2), part(60, 2), part(24, 2))
        return "\(value).\(hours):\(minutes):\(seconds).\(fraction)"
    }

    func body(_ items: [[UInt8]]) -> [UInt8] { Array(items.joined(separator: [UInt8(ascii: "\n")])) }
}

extension ApplicationInsights {
    /// The statuses after which an item may be sent again.
    private static let passing = [401, 403, 408, 429, 500, 502, 503, 504]

    func outcome(_ answer: WebAnswer, _ count: Int) -> Outcome {
        switch answer.status {
        case 206: parts(answer.body, count)
        case 200..<300: .taken(rejected: 0)
        case 307, 308: Self.allowed(answer.location).map(Outcome.moved) ?? .rejected
        case let status where Self.passing.contains(status): .again(items: Array(0..<count), rejected: 0)
        default: .rejected
        }
    }

    /// Reads `{"errors":[{"index","statusCode","message"}]}`.
    private func parts(_ body: [UInt8], _ count: Int) -> Outcome {
        guard case .array(let errors)? = (try? JSON(parsing: body))?["errors"] else { return .rejected }
        var (again, rejected) = ([Int](), 0)
        for error in errors {
            guard case .number(let index)? = error["index"], case .number(let status)? = error["statusCode"],
                (0..<Double(count)).contains(index)
            else { continue }
            // The server draws lots itself, and has decided against this item.
            let isSampledOut = error["message"] == .string("Telemetry sampled out.")
            if Self.passing.contains(Int(exactly: status) ?? 0), !isSampledOut {
                again.append(Int(index))
            } else {
                rejected += 1
            }
        }
        return again.isEmpty ? .taken(rejected: rejected) : .again(items: again, rejected: rejected)
    }

    /// The address to which the server redirects, if it is one of Microsoft's.
    private static func allowed(_ location: String?) -> WebAddress? {
        guard let address = location.flatMap({ WebAddress($0) }) else { return nil }
        let suffixes = [".applicationinsights.azure.com", ".services.visualstudio.com"]
        let isOwn = address.usesTLS && suffixes.contains { address.host.hasSuffix($0) }
        return isOwn || address.isLoopback ? address : nil
    }
}
