import Fixtures
import JSON
import Testing

@testable import Telemetry
@testable import WebClient

/// What the formats write, and what they read in answers.
@Suite struct FormatTests {
    private func insights() throws -> ApplicationInsights {
        let settings = try Events.settings(Events.insights(port: 1))
        return ApplicationInsights(try #require(settings.applicationInsights), Events.resource(settings))
    }

    private func answer(_ status: Int, _ body: String = "") -> WebAnswer {
        WebAnswer(status: status, retryAfter: nil, location: nil, body: Array(body.utf8))
    }

    @Test("A request that is not sampled is not told, but its messages are")
    func sampling() throws {
        let trace = Trace(continuing: nil, try Sampler("always_off", nil))
        let request = Events.request(trace: trace)
        var report = Events.report()
        report.trace = trace
        let format = try insights()
        #expect(!format.accepts(request) && format.accepts(report))
        let resource = Events.resource(TelemetrySettings())
        #expect(!OTLPFormat(.traces, resource).accepts(request) && OTLPFormat(.logs, resource).accepts(report))
    }

    @Test("A share of the requests is told with the share, by which Application Insights multiplies")
    func sampleRate() throws {
        let sampler = try Sampler("traceidratio", "0.5")
        let traces = (0..<64).map { _ in Trace(continuing: nil, sampler) }
        let kept = try #require(traces.first { $0.isSampled == true })
        let item = try JSON(parsing: insights().item(Events.request(trace: kept)))
        #expect(item["sampleRate"] == .number(50))
        #expect(try JSON(parsing: insights().item(Events.request()))["sampleRate"] == nil)
    }

    @Test("Values, messages and names keep to the limits of Application Insights")
    func limits() throws {
        let long = String(repeating: "é", count: 40_000)
        let event = TelemetryEvent(
            .message(long, .warning),
            [Attribute("a", long), Attribute(String(repeating: "k", count: 151), "x"), Attribute("b", "y")])
        let base = try #require(try JSON(parsing: insights().item(event))["data"]?["baseData"])
        guard case .string(let message)? = base["message"], case .string(let value)? = base["properties"]?["a"] else {
            Issue.record("no texts")
            return
        }
        #expect(message.unicodeScalars.count == 32_768 && value.unicodeScalars.count == 8192)
        #expect(base["properties"]?["b"] == .string("y"))
        guard case .object(let members)? = base["properties"] else { return }
        #expect(members.map(\.key) == ["a", "b", "logger_name"])
    }

    @Test(
        "A duration is days, hours, minutes, seconds and milliseconds",
        arguments: [
            (0, "0.00:00:00.000"), (499_999, "0.00:00:00.000"), (500_000, "0.00:00:00.001"),
            (12_345_678, "0.00:00:00.012"), (93_784_567_000_000, "1.02:03:04.567"),
        ])
    func durations(nanoseconds: Int, text: String) { #expect(ApplicationInsights.duration(nanoseconds) == text) }

    @Test("Answers of Application Insights")
    func insightsAnswers() throws {
        let format = try insights()
        #expect(format.outcome(answer(200), 3) == .taken(rejected: 0))
        for status in [401, 403, 408, 429, 500, 502, 503, 504] {
            #expect(format.outcome(answer(status), 2) == .again(items: [0, 1], rejected: 0))
        }
        for status in [400, 402, 404, 439] { #expect(format.outcome(answer(status), 2) == .rejected) }
        let errors = #"""
            {"itemsReceived":5,"itemsAccepted":1,"errors":[{"index":0,"statusCode":400,"message":"no"},
            {"index":1,"statusCode":503,"message":"later"},{"index":3,"statusCode":429,"message":"later"},
            {"index":4,"statusCode":500,"message":"Telemetry sampled out."},{"index":9,"statusCode":500}]}
            """#
        #expect(format.outcome(answer(206, errors), 5) == .again(items: [1, 3], rejected: 2))
        #expect(format.outcome(answer(206, #"{"errors":[{"index":0,"statusCode":400}]}"#), 2) == .taken(rejected: 1))
        #expect(format.outcome(answer(206, "nonsense"), 2) == .rejected)
    }

    @Test(
        "The header Host is the name of a server, and perhaps its port",
        arguments: [
            ("example.com", "example.com", nil), ("localhost:8080", "localhost", "8080"), ("[::1]:80", "[::1]", "80"),
            ("[::1]", "[::1]", nil), ("a:b", "a:b", nil),
        ] as [(String, String, String?)])
    func hosts(host: String, address: String, port: String?) throws {
        var event = Events.request()
        guard case .request(var request) = event.content else { return }
        request.host = host
        event.content = .request(request)
        let item = try JSON(parsing: OTLPFormat(.traces, Events.resource(TelemetrySettings())).item(event))
        guard case .array(let attributes)? = item["attributes"] else { return }
        func value(_ key: String) -> JSON? { attributes.first { $0["key"] == .string(key) }?["value"] }
        #expect(value("server.address")?["stringValue"] == .string(address))
        #expect(value("server.port")?["intValue"] == port.map(JSON.string))
    }

    @Test("Only Microsoft's own servers may be redirected to")
    func redirects() throws {
        func outcome(_ location: String?) throws -> Outcome {
            try insights().outcome(WebAnswer(status: 308, retryAfter: nil, location: location, body: []), 1)
        }
        let own = try #require(WebAddress("https://eu.in.applicationinsights.azure.com/v2.1/track"))
        #expect(try outcome("https://eu.in.applicationinsights.azure.com/v2.1/track") == .moved(own))
        for other in ["https://evil.com/v2.1/track", "http://eu.in.applicationinsights.azure.com/", "nonsense", nil] {
            #expect(try outcome(other) == .rejected)
        }
    }

    @Test("Answers of a collector")
    func collectorAnswers() {
        let format = OTLPFormat(.logs, Events.resource(TelemetrySettings()))
        #expect(format.outcome(answer(200, "{}"), 3) == .taken(rejected: 0))
        let partial = #"{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}"#
        #expect(format.outcome(answer(200, partial), 3) == .taken(rejected: 2))
        #expect(format.outcome(answer(200, partial), 1) == .taken(rejected: 1))
        #expect(format.outcome(answer(200, #"{"partialSuccess":{"rejectedLogRecords":1}}"#), 3) == .taken(rejected: 1))
        for status in [429, 502, 503, 504] {
            #expect(format.outcome(answer(status), 2) == .again(items: [0, 1], rejected: 0))
        }
        for status in [400, 401, 404, 500] { #expect(format.outcome(answer(status), 2) == .rejected) }
    }

    @Test("What was compressed can be read again")
    func gzip() throws {
        var random = Seeded(1)
        for count in [0, 1, 1000, 300_000] {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...15, using: &random) }
            let compressed = try #require(Gzip.compressed(bytes))
            #expect(inflated(compressed) == bytes)
        }
    }
}
