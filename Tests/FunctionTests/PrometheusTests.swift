import Fixtures
import Foundation
import Glibc
import NIOCore
import Telemetry
import Testing

@testable import function

/// A real Prometheus asks a running function for its metrics.
@Suite(.serialized) struct PrometheusTests {
    private let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    /// A port that nobody uses now.
    private func freePort() throws -> Int {
        let collector = try Collector()
        defer { collector.stop() }
        return collector.port
    }

    /// Starts Prometheus, calls `body` with its port, and ends it.
    private func withPrometheus(scraping target: Int, _ body: (Int) throws -> Void) throws {
        try Workplace.withFolder { folder in
            let configuration = """
                global: {scrape_interval: 200ms, scrape_timeout: 200ms}
                scrape_configs:
                - job_name: pinson
                  static_configs: [{targets: ["127.0.0.1:\(target)"]}]
                """
            let file = folder.appendingPathComponent("prometheus.yml")
            try Data(configuration.utf8).write(to: file)
            let port = try freePort()
            let process = Process()
            process.executableURL = Program.find("prometheus")
            process.arguments = [
                "--config.file=\(file.path)", "--storage.tsdb.path=\(folder.path)/data",
                "--web.listen-address=127.0.0.1:\(port)", "--enable-feature=exemplar-storage",
            ]
            process.standardError = FileHandle.nullDevice
            try process.run()
            defer {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
            try body(port)
        }
    }

    /// Asks Prometheus until the answer has a result, at most for a minute.
    private func ask(_ port: Int, _ path: String) throws -> [[String: Any]] {
        for _ in 0..<300 {
            let answer = try? Client.request(port: port, "GET", path)
            let json = try? answer?.json()
            let data = json?["data"]
            let result = (data as? [String: Any])?["result"] as? [[String: Any]] ?? data as? [[String: Any]] ?? []
            if !result.isEmpty { return result }
            usleep(200_000)
        }
        return []
    }

    @Test(
        "Prometheus reads the metrics with their exemplars",
        .enabled(if: Program.find("prometheus") != nil, "needs prometheus"))
    func scrape() throws {
        let collector = try Collector()
        let function = try RunningFunction(
            telemetry: ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(collector.port)"])
        for _ in 0..<3 {
            _ = try function.request(
                "POST", "/predict", body: #"{"text":"a"}"#, headers: ["traceparent": parent])
        }
        try withPrometheus(scraping: function.server.port) { port in
            let requests = try ask(port, "/api/v1/query?query=pinson_requests_total%7Broute%3D%22%2Fpredict%22%7D")
            #expect((requests.first?["value"] as? [Any])?.last as? String == "3")
            #expect((requests.first?["metric"] as? [String: String])?["status"] == "200")
            let count = try ask(port, "/api/v1/query?query=pinson_predict_seconds_count")
            #expect((count.first?["value"] as? [Any])?.last as? String == "3")
            #expect(try ask(port, "/api/v1/query?query=pinson_info").count == 1)
            let end = Int(Date.now.timeIntervalSince1970) + 60
            let exemplars = try ask(
                port, "/api/v1/query_exemplars?query=pinson_predict_seconds_bucket&start=\(end - 600)&end=\(end)")
            let labels = (exemplars.first?["exemplars"] as? [[String: Any]])?.first?["labels"] as? [String: String]
            #expect(labels?["trace_id"] == "0af7651916cd43dd8448eb211c80319c")
            #expect(labels?["span_id"]?.utf8.count == 16)
        }
        function.server.drain()
        function.service.recorder.telemetry?.stop(within: .seconds(10))
        #expect(Set(collector.received.map(\.path)) == ["/v1/traces", "/v1/metrics"])
    }

    @Test("Both texts have the same numbers, and only OpenMetrics has an end and exemplars")
    func negotiation() throws {
        try RunningFunction.with { function in
            _ = try function.request(
                "POST", "/predict", body: #"{"text":"a"}"#, headers: ["traceparent": parent])
            let text = try function.request("GET", "/metrics")
            let open = try function.request(
                "GET", "/metrics", headers: ["Accept": "application/openmetrics-text; version=1.0.0"])
            #expect(text.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(open.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
            #expect(text.headers["vary"] == "Accept" && open.headers["vary"] == "Accept")
            #expect(open.body.hasSuffix("\n# EOF\n") && !text.body.contains("# EOF"))
            let exemplar = " # {trace_id=\"0af7651916cd43dd8448eb211c80319c\",span_id="
            #expect(open.body.contains(exemplar) && !text.body.contains("trace_id"))
            #expect(open.body.contains("# TYPE pinson_requests counter\npinson_requests_total{route=\""))
            #expect(
                text.body.contains("# TYPE pinson_requests_total counter\npinson_requests_total{route=\""))
        }
    }
}
