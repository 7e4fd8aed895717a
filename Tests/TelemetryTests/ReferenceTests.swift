import Fixtures
import Foundation
import JSON
import Testing

@testable import Telemetry

/// The payloads, beside those of Microsoft's exporter, and as the parsers of OpenTelemetry read them.
@Suite struct ReferenceTests {
    private func object(_ bytes: [UInt8]) throws -> NSDictionary {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? NSDictionary)
    }

    private func run(_ script: String, _ input: String) throws -> String {
        let file = Workplace.repository.appendingPathComponent("Tests/TelemetryTests/\(script)").path
        let result = try Program.run(try #require(Python.interpreter), [file], input: input)
        try #require(result.status == 0, "\(result.error)")
        return result.output
    }

    /// An event as the script hands it to the exporter.
    private func description(_ event: TelemetryEvent) -> [String: Any] {
        var result: [String: Any] = ["time": event.time.nanoseconds, "trace": event.trace?.id ?? ""]
        result["span"] = event.trace?.span
        result["parent"] = event.trace?.parent
        var attributes: [String: Any] = [:]
        for attribute in event.attributes {
            switch attribute.value {
            case .string(let text): attributes[attribute.key] = text
            case .integer(let number): attributes[attribute.key] = number
            // Foundation would write 1.0 as 1, which Python reads as an integer.
            case .double(let number):
                attributes[attribute.key] = NSDecimalNumber(string: "\(number)") == 1 ? "1.0" : number
            case .bool(let value): attributes[attribute.key] = value
            }
        }
        switch event.content {
        case .request(let request):
            result["kind"] = "request"
            result["name"] = "\(request.method) \(request.route)"
            result["duration"] = request.duration
            attributes = [
                "http.request.method": request.method, "url.scheme": request.scheme, "url.path": request.path,
                "server.address": request.host, "http.route": request.route, "requestId": request.id,
                "http.response.status_code": request.status,
            ]
        case .message(let text, let severity):
            (result["kind"], result["message"], result["severity"]) = ("message", text, severity.number)
        case .exception(let type, let message, let severity):
            (result["kind"], result["message"], result["severity"]) = ("exception", message, severity.number)
            attributes["exception.type"] = type
            attributes["exception.message"] = message
        case .metrics: break
        }
        result["attributes"] = attributes
        return result
    }

    /// An item without what names the exporter and its machine, and without what says nothing.
    private func meaning(_ item: NSDictionary) throws -> NSDictionary {
        var item = try #require(item as? [String: Any])
        #expect(item.removeValue(forKey: "path") as? String ?? "/v2.1/track" == "/v2.1/track")
        var tags = try #require(item["tags"] as? [String: Any])
        for name in ["ai.device.id", "ai.device.locale", "ai.device.type", "ai.internal.sdkVersion"] {
            tags[name] = nil
        }
        item["tags"] = tags
        var data = try #require(item["data"] as? [String: Any])
        var base = try #require(data["baseData"] as? [String: Any])
        if (base["measurements"] as? [String: Any])?.isEmpty == true { base["measurements"] = nil }
        if var exceptions = base["exceptions"] as? [[String: Any]] {
            for index in exceptions.indices where exceptions[index]["stack"] as? String == "None" {
                exceptions[index]["stack"] = nil
            }
            base["exceptions"] = exceptions
        }
        data["baseData"] = base
        item["data"] = data
        return item as NSDictionary
    }

    @Test(
        "Items for Application Insights mean what those of Microsoft's exporter mean",
        .enabled(if: Python.has("azure.monitor.opentelemetry.exporter"), "needs azure-monitor-opentelemetry-exporter"))
    func microsoft() throws {
        let settings = try Events.settings(Events.insights(port: 1).merging(["OTEL_SERVICE_NAME": "air"]) { $1 })
        let insights = try #require(settings.applicationInsights)
        let resource = Events.resource(settings)
        let format = ApplicationInsights(insights, resource)
        let child = Trace(continuing: Events.context(), .standard)
        let events =
            Events.all + [Events.request(trace: child), Events.request(trace: Trace(continuing: nil, .standard))]
        let given: [String: Any] = [
            "key": Events.key, "events": events.map(description),
            "resource": Dictionary(uniqueKeysWithValues: resource.attributes.map { ($0.key, $0.value.text) }),
        ]
        let input = try JSONSerialization.data(withJSONObject: given)
        let output = try run("reference_exporter.py", String(decoding: input, as: UTF8.self))
        let items = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [NSDictionary])
        try #require(items.count == events.count)
        for (event, item) in zip(events, items) {
            #expect(try meaning(object(format.item(event))) == meaning(item))
        }
    }

    private func checkMetrics(_ metrics: [JSON]) throws {
        try #require(metrics.count == 5)
        guard case .array(let requests)? = metrics[0]["sum"]?["dataPoints"],
            case .array(let shares)? = metrics[1]["gauge"]?["dataPoints"],
            case .array(let histograms)? = metrics[3]["histogram"]?["dataPoints"]
        else {
            Issue.record("no points")
            return
        }
        #expect(metrics[0]["sum"]?["isMonotonic"] == .bool(true))
        #expect(metrics[0]["sum"]?["aggregationTemporality"] == .string("AGGREGATION_TEMPORALITY_CUMULATIVE"))
        #expect(
            requests[0]["asInt"] == .string("12") && requests[0]["startTimeUnixNano"] == .string("1790000000123455995"))
        #expect(shares[0]["asDouble"] == .number(0.125))
        let histogram = histograms[0]
        #expect(histogram["count"] == .string("3") && histogram["sum"] == .number(7.75))
        #expect(histogram["bucketCounts"] == .array([.string("2"), .string("0"), .string("1")]))
        #expect(histogram["explicitBounds"] == .array([.number(0.5), .number(1)]))
        guard case .array(let exemplars)? = histogram["exemplars"] else { return }
        #expect(exemplars.count == 1 && exemplars[0]["asDouble"] == .number(7))
    }

    @Test(
        "The reference parsers read both texts of the metrics alike, and exemplars in OpenMetrics",
        .enabled(if: Python.has("prometheus_client"), "needs prometheus-client"))
    func expositions() throws {
        let script = """
            import json, sys
            from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
            from prometheus_client.parser import text_string_to_metric_families as prometheus
            read = open_metrics if sys.argv[1] == "open" else prometheus
            print(json.dumps([[s.name, s.labels, s.value, s.exemplar and [s.exemplar.labels, s.exemplar.value]]
                for family in read(sys.stdin.read()) for s in family.samples]))
            """
        func samples(_ form: Exposition.Form) throws -> [[Any]] {
            let result = try Program.run(
                try #require(Python.interpreter), ["-c", script, form == .openMetrics ? "open" : "text"],
                input: Exposition(Events.metrics(), form).text)
            try #require(result.status == 0, "\(result.error)")
            return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[Any]])
        }
        let (text, open) = (try samples(.prometheus), try samples(.openMetrics))
        #expect(NSArray(array: text.map { Array($0.prefix(3)) }) == NSArray(array: open.map { Array($0.prefix(3)) }))
        #expect(text.count == 9 && text.allSatisfy { $0[3] is NSNull })
        #expect((text[1][1] as? [String: String])?["route"] == "a\"\\\nb")
        let exemplars = open.compactMap { $0[3] as? [Any] }
        #expect(exemplars.count == 1 && exemplars[0][1] as? Double == 7)
        #expect((exemplars[0][0] as? [String: String])?["trace_id"] == Events.trace)
    }

    @Test(
        "Bodies of OTLP are read by the parsers of OpenTelemetry, and nothing in them is unknown",
        .enabled(if: Python.has("opentelemetry.proto"), "needs opentelemetry-proto"))
    func openTelemetry() throws {
        let settings = try Events.settings(["OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=t%22est"])
        var input = ""
        let metrics = TelemetryEvent(
            .metrics(Events.metrics(), since: Timestamp(nanoseconds: Events.time.nanoseconds - 5)), time: Events.time)
        for signal in Signal.allCases {
            let format = OTLPFormat(signal, Events.resource(settings))
            let items = (Events.all + [metrics]).filter(format.accepts).map(format.item)
            input += "\(signal.rawValue)\t\(String(decoding: format.body(items), as: UTF8.self))\n"
        }
        let lines = try run("parse_otlp.py", input).split(separator: "\n").map { try JSON(parsing: $0.utf8) }
        try #require(lines.count == 3)
        func list(_ value: JSON?) -> [JSON] { if case .array(let list)? = value { list } else { [] } }
        let resource = try #require(list(lines[0]["resourceSpans"]).first)
        let names = list(resource["resource"]?["attributes"]).map { $0["key"] }
        #expect(
            names
                == [
                    "service.name", "deployment.environment", "service.version", "service.instance.id", "pinson.model",
                ].map(JSON.string))
        let spans = list(list(resource["scopeSpans"]).first?["spans"])
        #expect(spans.count == 3 && spans[0]["name"] == .string("POST /predict"))
        #expect(
            spans[0]["kind"] == .string("SPAN_KIND_SERVER") && spans[0]["traceState"] == .string("vendor=1,other=a:b"))
        #expect(spans.map { $0["status"]?["code"] } == [nil, nil, .string("STATUS_CODE_ERROR")])
        #expect(spans[0]["startTimeUnixNano"] == .string("1790000000123456000"))
        #expect(spans[0]["endTimeUnixNano"] == .string("1790000000135801678"))
        let logs = list(list(list(lines[1]["resourceLogs"]).first?["scopeLogs"]).first?["logRecords"])
        #expect(logs.map { $0["severityText"] } == ["WARNING", "WARNING", "ERROR"].map(JSON.string))
        #expect(logs[0]["body"]?["stringValue"] == .string("prediction_feedback_reported"))
        #expect(
            list(logs[0]["attributes"]).contains(["key": .string("score"), "value": ["doubleValue": .number(0.91)]]))
        #expect(
            list(logs[0]["attributes"]).contains(["key": .string("is_correct"), "value": ["boolValue": .bool(false)]]))
        #expect(
            list(logs[2]["attributes"]).contains(
                ["key": .string("exception.type"), "value": ["stringValue": .string("FileError")]]))
        try checkMetrics(list(list(list(lines[2]["resourceMetrics"]).first?["scopeMetrics"]).first?["metrics"]))
        #expect(logs.allSatisfy { $0["spanId"] == spans[0]["spanId"] && $0["traceId"] == spans[0]["traceId"] })
    }
}
