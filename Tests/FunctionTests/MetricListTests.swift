import Telemetry
import Testing

@testable import function

@Suite struct MetricListTests {
    @Test func countersAndGaugesAreWrittenInTheTextFormat() {
        var counters = Counters()
        for (status, seconds) in [(200 as UInt, 0.0004), (200, 0.003), (422, 9.0)] {
            counters.countRequest(route: "/predict", status: status, seconds: seconds)
        }
        counters.countRequest(route: "other", status: 404, seconds: 1)
        counters.countPredictions(texts: 3, tokens: 60, truncated: 1)
        let gauges = MetricList.Gauges(
            waiting: 2, running: 1, waitingTokens: 40,
            queue: .init(workers: 1, threads: 1, requestLimit: 5, tokenLimit: 99),
            connections: .init(open: 4, refused: 3, evicted: 2), isReady: true, model: "a \"b\"\\", version: "1")
        let text = Exposition(MetricList(counters, gauges).metrics, .prometheus).text
        for line in [
            "pinson_requests_total{route=\"/predict\",status=\"200\"} 2",
            "pinson_requests_total{route=\"other\",status=\"404\"} 1",
            "pinson_errors_total 2", "pinson_predict_seconds_bucket{le=\"0.0005\"} 1",
            "pinson_predict_seconds_bucket{le=\"0.005\"} 2",
            "pinson_predict_seconds_bucket{le=\"2.5\"} 2", "pinson_predict_seconds_bucket{le=\"+Inf\"} 3",
            "pinson_predict_seconds_count 3",
            "pinson_tokens_total 60", "pinson_queue_waiting 2", "pinson_queue_running 1", "pinson_ready 1",
            "pinson_queue_tokens 40", "pinson_connections 4", "pinson_connections_evicted_total 2",
            "pinson_info{model=\"a \\\"b\\\"\\\\\",version=\"1\"} 1",
        ] {
            #expect(text.contains("\n\(line)\n"), "\(line)")
        }
        #expect(text.hasSuffix("\n"))
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(Double(line.split(separator: " ").last ?? "") != nil)
        }
    }

    @Test func aQuoteInsideAGraphemeClusterIsEscaped() {
        let gauges = MetricList.Gauges(
            waiting: 0, running: 0, waitingTokens: 0,
            queue: .init(workers: 1, threads: 1, requestLimit: 5, tokenLimit: 99), connections: .init(), isReady: true,
            model: "a\"\u{301}b\\\u{301}\n\u{301}", version: "1")
        let text = Exposition(MetricList(Counters(), gauges).metrics, .prometheus).text
        #expect(
            text.contains("\npinson_info{model=\"a\\\"\u{301}b\\\\\u{301}\\n\u{301}\",version=\"1\"} 1\n"))
    }
}
