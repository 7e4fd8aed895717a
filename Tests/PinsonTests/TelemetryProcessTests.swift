import Fixtures
import Foundation
import JSON
import Testing

/// Telemetry of real functions, from their start to their end.
@Suite(.serialized, .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct TelemetryProcessTests {
    private let key = "0f0e0d0c-1111-2222-3333-444455556666"

    private func environment(_ port: Int) -> [String: String] {
        [
            "APPLICATIONINSIGHTS_CONNECTION_STRING":
                "InstrumentationKey=\(key);IngestionEndpoint=http://127.0.0.1:\(port)", "CONCURRENCY": "1",
            "OTEL_BSP_SCHEDULE_DELAY": "3600000", "OTEL_BSP_EXPORT_TIMEOUT": "1000",
        ]
    }

    private func predict(_ function: FunctionProcess, times: Int) throws {
        for _ in 0..<times {
            _ = try Client.request(port: function.port, "POST", "/predict", body: #"{"text":"late"}"#)
        }
    }

    @Test("On SIGTERM, everything that waits is sent")
    func theEnd() throws {
        try Workplace.withFolder { folder in
            let collector = try Collector()
            let function = try FunctionProcess(environment(collector.port), log: folder.appendingPathComponent("log"))
            try predict(function, times: 20)
            #expect(collector.received.isEmpty)
            #expect(function.terminate() == 0)
            #expect(collector.received.flatMap(\.lines).count == 20)
            #expect(function.lines.allSatisfy { !$0.contains(key) && !$0.contains("were left") })
        }
    }

    @Test("A server that does not answer delays the end by seconds, and the log says what is lost")
    func aDeadServer() throws {
        try Workplace.withFolder { folder in
            for answer in [Collector.Answer.silence, .closeMidBody, .status(503)] {
                let collector = try Collector { _ in answer }
                let function = try FunctionProcess(
                    environment(collector.port), log: folder.appendingPathComponent("log"))
                try predict(function, times: 20)
                let start = ContinuousClock.now
                #expect(function.terminate() == 0)
                #expect(ContinuousClock.now - start < .seconds(10))
                #expect(function.lines.contains { $0.contains("Telemetry cannot be sent to application_insights.") })
            }
        }
    }

    @Test(
        "A setting that is not valid ends the start with an error that holds no secret",
        arguments: [
            ("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=secret"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "secret"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ])
    func wrongSettings(name: String, value: String) throws {
        let result = try Program.run(
            Workplace.binary("function"), [],
            environment: ["PORT": "0", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", name: value])
        #expect(
            result.status == 2 && result.output.contains("The environment variable \(name) is"), "\(result.output)")
        #expect(!result.output.contains("secret") && !result.error.contains("secret"))
    }
}
