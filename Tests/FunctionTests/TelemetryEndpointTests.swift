import Fixtures
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Telemetry
import Testing

@testable import function

/// What a running function tells servers of telemetry.
@Suite(.serialized) struct TelemetryEndpointTests {
    private let key = "0f0e0d0c-1111-2222-3333-444455556666"
    private let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private func insights(_ collector: Collector, _ more: [String: String] = [:]) -> [String: String] {
        [
            "APPLICATIONINSIGHTS_CONNECTION_STRING":
                "InstrumentationKey=\(key);IngestionEndpoint=http://127.0.0.1:\(collector.port)"
        ].merging(more) { $1 }
    }

    /// Runs a function, ends it, and returns what the collector was sent.
    private func items(
        _ more: [String: String] = [:], _ body: (RunningFunction) throws -> Void
    ) throws -> [JSON] {
        let collector = try Collector()
        let function = try RunningFunction(telemetry: insights(collector, more))
        try body(function)
        #expect(function.server.drain())
        function.service.recorder.telemetry?.stop(within: .seconds(10))
        #expect(function.log.allSatisfy { !$0.contains(key) })
        return collector.received.flatMap(\.lines)
    }

    private func properties(_ item: JSON?) -> JSON? { item?["data"]?["baseData"]?["properties"] }

    private func message(_ items: [JSON], _ text: String) -> JSON? {
        items.first { $0["data"]?["baseData"]?["message"] == .string(text) }
    }

    private let wrong = #"""
        {"text":"bad day","predicted_label":"positive","score":1,"expected_label":"negative","comment":"sad"}
        """#

    @Test("A wrong prediction is told by the names that earlier systems used, without its text")
    func reports() throws {
        let items = try items { function in
            _ = try function.request("POST", "/feedback", body: wrong, headers: ["traceparent": parent])
        }
        let request = try #require(items.first { $0["data"]?["baseType"] == .string("RequestData") })
        let report = try #require(message(items, "prediction_feedback_reported"))
        let values = try #require(properties(report))
        #expect(values["predicted_label"] == .string("positive") && values["expected_label"] == .string("negative"))
        #expect(values["score"] == .string("1.0") && values["is_correct"] == .string("False"))
        #expect(values["text"] == nil && values["comment"] == nil)
        let bad = try #require(properties(message(items, "Bad prediction")))
        #expect(bad["prediction"] == .string("positive") && bad["probability"] == .string("1.0") && bad["tweet"] == nil)
        #expect(report["tags"]?["ai.operation.id"] == .string("0af7651916cd43dd8448eb211c80319c"))
        #expect(report["tags"]?["ai.operation.parentId"] == request["data"]?["baseData"]?["id"])
        #expect(request["tags"]?["ai.operation.parentId"] == .string("b7ad6b7169203331"))
        #expect(request["data"]?["baseData"]?["url"] != nil)
    }

    @Test("With TELEMETRY_TEXT, the text and the comment are told as well")
    func texts() throws {
        let items = try items(["TELEMETRY_TEXT": "1"]) { function in
            _ = try function.request("POST", "/feedback", body: wrong)
            _ = try function.request(
                "POST", "/report_error", body: #"{"tweet":"late","prediction":"positive","probability":0.9}"#)
        }
        let values = try #require(properties(message(items, "prediction_feedback_reported")))
        #expect(values["text"] == .string("bad day") && values["comment"] == .string("sad"))
        let tweets = items.filter { $0["data"]?["baseData"]?["message"] == .string("Bad prediction") }
            .map { properties($0)?["tweet"] }
        #expect(tweets == [.string("bad day"), .string("late")])
    }

    @Test("A report that does not say whether the prediction is correct is told without it")
    func unknown() throws {
        let items = try items { function in
            _ = try function.request(
                "POST", "/feedback", body: #"{"text":"a","predicted_label":"positive","score":0.5}"#)
        }
        let values = try #require(properties(message(items, "prediction_feedback_reported")))
        #expect(values["is_correct"] == nil && values["expected_label"] == nil && values["score"] == .string("0.5"))
        #expect(message(items, "Bad prediction") == nil)
    }

    @Test("Each request but those of platforms is told once, with its status")
    func requests() throws {
        let items = try items { function in
            _ = try function.predict(#"{"text":"good"}"#)
            _ = try function.predict("{")
            _ = try function.request("GET", "/nothing")
            _ = try function.request("GET", "/health")
            _ = try function.request("GET", "/metrics")
        }
        let base = items.compactMap { $0["data"]?["baseData"] }
        #expect(base.map { $0["name"] } == ["POST /predict", "POST /predict", "GET other"].map(JSON.string))
        #expect(base.map { $0["responseCode"] } == ["200", "400", "404"].map(JSON.string))
        #expect(base.map { $0["success"] } == [true, false, false].map(JSON.bool))
    }

    @Test("The answer says which span it belongs to, unless telemetry is off")
    func traceContext() throws {
        let collector = try Collector()
        let function = try RunningFunction(telemetry: insights(collector))
        let answer = try function.request(
            "POST", "/predict", body: #"{"text":"a"}"#, headers: ["traceparent": parent, "tracestate": "a=1"])
        let own = try #require(answer.headers["traceparent"]).split(separator: "-")
        #expect(own[1] == "0af7651916cd43dd8448eb211c80319c" && own[2] != "b7ad6b7169203331" && own[3] == "01")
        #expect(answer.headers["tracestate"] == "a=1")
        function.server.drain()
        #expect(
            function.log.contains {
                $0.contains(own[2]) && $0.contains(#""logging.googleapis.com/trace_sampled":true"#)
            })
        try RunningFunction.with { function in
            let answer = try function.predict(#"{"text":"a"}"#)
            #expect(answer.headers["traceparent"] == nil)
        }
    }

    @Test("The metrics say what became of the events, for each server")
    func metrics() throws {
        let collector = try Collector { _ in .status(400) }
        let function = try RunningFunction(
            telemetry: insights(collector, ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "1"]))
        _ = try function.predict(#"{"text":"a"}"#)
        for _ in 0..<3000 where function.service.recorder.telemetry?.counts.first?.rejected != 1 { usleep(10_000) }
        let text = try function.request("GET", "/metrics").body
        let name = "pinson_telemetry_events_total{destination=\"application_insights\",result="
        #expect(text.contains("\(name)\"rejected\"} 1\n") && text.contains("\(name)\"sent\"} 0\n"))
        #expect(text.contains("pinson_telemetry_waiting{destination=\"application_insights\"} 0\n"))
        function.server.drain()
        #expect(
            function.log.contains { $0.contains("application_insights answers with status 400, and rejects 1 events.") }
        )
    }

    @Test("With TELEMETRY_FLUSH=answer, the events have arrived when the answer has")
    func flushBeforeAnswer() throws {
        let collector = try Collector()
        let function = try RunningFunction(telemetry: insights(collector, ["TELEMETRY_FLUSH": "answer"]))
        for count in 1...3 {
            _ = try function.predict(#"{"text":"a"}"#)
            #expect(collector.received.count == count)
        }
        function.server.drain()
    }
}
