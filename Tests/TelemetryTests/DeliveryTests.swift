import Fixtures
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import Telemetry

/// Events on their way to servers that take them, are busy, slow, broken or dead.
@Suite(.serialized) struct DeliveryTests {
    private final class Story: Sendable {
        let events = Mutex<[DeliveryEvent]>([])
        var texts: [String] {
            events.withLock { events in
                events.map { event in
                    switch event {
                    case .failing(_, let reason, _): "failing: \(reason)"
                    case .recovered(_, let lost): "recovered, \(lost) lost"
                    case .rejected(_, let status, let count): "rejected \(count) with \(status)"
                    case .left(let counts): "left \(counts.left)"
                    }
                }
            }
        }
    }

    private func telemetry(
        _ port: Int, _ more: [String: String] = [:], _ story: Story = Story()
    ) throws -> Telemetry {
        let variables = Events.insights(port: port).merging(more) { $1 }
        let settings = try Events.settings(variables)
        return try #require(
            Telemetry(settings, Events.resource(settings)) { event in story.events.withLock { $0.append(event) } })
    }

    private func sum(_ counts: DestinationCounts) -> Int { counts.waiting + counts.sent + counts.lost }

    /// Waits until a condition holds, at most for a minute.
    private func wait(_ condition: () -> Bool) { for _ in 0..<6000 where !condition() { usleep(10_000) } }

    @Test("Events arrive compressed, in their order, each once")
    func arrival() throws {
        let collector = try Collector()
        let telemetry = try telemetry(collector.port, ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "100"])
        for index in 0..<250 { telemetry.record(Events.request(id: "\(index)")) }
        telemetry.stop(within: .seconds(30))
        let counts = try #require(telemetry.counts.first)
        #expect(counts.sent == 250 && counts.waiting == 0 && counts.lost == 0 && counts.failures == 0)
        let ids = collector.received.flatMap(\.lines).map { $0["data"]?["baseData"]?["properties"]?["requestId"] }
        #expect(ids == (0..<250).map { .string("\($0)") })
        for received in collector.received {
            #expect(received.path == "/v2.1/track" && received.headers["Content-Encoding"] == ["gzip"])
            #expect(received.headers["Content-Type"] == ["application/x-json-stream"] && received.lines.count <= 100)
        }
    }

    @Test("A full batch is sent at once, and the rest after the delay")
    func batches() throws {
        let collector = try Collector()
        let telemetry = try telemetry(
            collector.port, ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "10", "OTEL_BSP_SCHEDULE_DELAY": "300"])
        for index in 0..<15 { telemetry.record(Events.request(id: "\(index)")) }
        wait { collector.received.count >= 2 }
        #expect(collector.received.map(\.lines.count) == [10, 5])
        telemetry.stop(within: .seconds(10))
    }

    @Test("A busy server gets the same events again, and only those that it wants")
    func retries() throws {
        let partial = #"{"errors":[{"index":1,"statusCode":503},{"index":2,"statusCode":400}]}"#
        let collector = try Collector { number in
            switch number {
            case 0: .status(429, headers: [("Retry-After", "1")])
            case 1: .status(206, body: partial)
            default: .status(200)
            }
        }
        let story = Story()
        let telemetry = try telemetry(collector.port, ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "4"], story)
        for index in 0..<4 { telemetry.record(Events.request(id: "\(index)")) }
        wait { telemetry.counts.first?.waiting == 0 }
        let counts = try #require(telemetry.counts.first)
        #expect(counts.sent == 3 && counts.rejected == 1 && counts.failures == 2 && counts.lost == 1)
        let ids = collector.received.map { $0.lines.map { $0["data"]?["baseData"]?["properties"]?["requestId"] } }
        #expect(ids.map(\.count) == [4, 4, 1] && ids.last == [.string("1")])
        #expect(story.texts.first == "failing: http://127.0.0.1:\(collector.port) answers with status 429.")
        #expect(story.texts.dropFirst() == ["recovered, 1 lost"])
        telemetry.stop(within: .seconds(10))
    }

    @Test("What a server refuses is dropped and counted, and the log is told once a minute")
    func rejections() throws {
        let collector = try Collector { _ in .status(400) }
        let story = Story()
        let telemetry = try telemetry(collector.port, ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "4"], story)
        for index in 0..<12 { telemetry.record(Events.request(id: "\(index)")) }
        wait { telemetry.counts.first?.waiting == 0 }
        #expect(telemetry.counts.first?.rejected == 12 && story.texts == ["rejected 4 with 400"])
        telemetry.stop(within: .seconds(10))
    }

    @Test("A server redirects within its own names", arguments: [1, 100])
    func redirect(times: Int) throws {
        let second = try Collector()
        let location = "http://127.0.0.1:\(second.port)/v2.1/track"
        let circle = Mutex(0)
        let first = try Collector { _ in
            let port = circle.withLock { $0 }
            let own = "http://127.0.0.1:\(port)/v2.1/track"
            return .status(308, headers: [("Location", times == 1 ? location : own)])
        }
        circle.withLock { $0 = first.port }
        let telemetry = try telemetry(first.port)
        telemetry.record(Events.request())
        telemetry.stop(within: .seconds(10))
        #expect(telemetry.counts.first?.sent == (times == 1 ? 1 : 0))
        #expect(second.received.count == (times == 1 ? 1 : 0) && first.received.count == (times == 1 ? 1 : 4))
    }

    @Test("A dead, silent or broken server costs nobody anything, and what is lost is counted exactly")
    func outage() throws {
        let dead = try Collector()
        dead.stop()
        let answers: [Collector.Answer] = [.closeMidBody, .silence, .status(503)]
        let collectors = try answers.map { answer in try Collector { _ in answer } }
        for port in [dead.port == 0 ? 1 : dead.port] + collectors.map(\.port) {
            let story = Story()
            let telemetry = try telemetry(
                port,
                [
                    "OTEL_BSP_MAX_QUEUE_SIZE": "200", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "50",
                    "OTEL_BSP_EXPORT_TIMEOUT": "500",
                ],
                story)
            let start = ContinuousClock.now
            for index in 0..<20_000 {
                telemetry.record(Events.request(id: "\(index)"))
                if index % 5000 == 0 {
                    let counts = try #require(telemetry.counts.first)
                    #expect(sum(counts) == index + 1 && counts.waiting <= 250)
                }
            }
            let perEvent = (ContinuousClock.now - start) / 20_000
            #expect(perEvent < .milliseconds(1), "recording waits for the server")
            wait { !story.texts.isEmpty }
            telemetry.stop(within: .seconds(2))
            let counts = try #require(telemetry.counts.first)
            #expect(sum(counts) == 20_000 && counts.sent == 0 && counts.waiting == 0)
            #expect(counts.overflowed >= 20_000 - 250 && counts.expired + counts.left <= 250)
            #expect(story.texts.count { $0.hasPrefix("failing") } == 1, "\(story.texts)")
        }
    }

    @Test("The end does not wait longer than it may, and says what is lost")
    func deadline() throws {
        let collector = try Collector { _ in .silence }
        let story = Story()
        let telemetry = try telemetry(collector.port, [:], story)
        telemetry.record(Events.request())
        let start = ContinuousClock.now
        telemetry.stop(within: .milliseconds(300))
        #expect(ContinuousClock.now - start < .seconds(10))
        telemetry.record(Events.request())
        let counts = try #require(telemetry.counts.first)
        #expect(counts.left == 2 && story.texts == ["left 1"])
    }

    @Test("One event goes to every server that is interested, and a dead one does not hold the others up")
    func severalDestinations() throws {
        let (insights, collector) = (try Collector(), try Collector())
        let base = "http://127.0.0.1:\(collector.port)"
        let telemetry = try telemetry(
            insights.port,
            [
                "OTEL_EXPORTER_OTLP_ENDPOINT": base, "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "http://127.0.0.1:1/",
                "OTEL_EXPORTER_OTLP_HEADERS": "x-key=secret", "OTEL_METRICS_EXPORTER": "none",
            ])
        for event in Events.all { telemetry.record(event) }
        telemetry.stop(within: .seconds(10))
        let counts = telemetry.counts
        #expect(counts.map(\.destination) == ["application_insights", "otlp_traces", "otlp_logs"])
        #expect(counts.map(\.sent) == [6, 3, 0] && counts.map(\.lost) == [0, 0, 3])
        let received = try #require(collector.received.first)
        #expect(received.path == "/v1/traces" && received.headers["x-key"] == ["secret"])
        #expect(received.headers["Content-Encoding"] == [] && received.headers["Content-Type"] == ["application/json"])
    }

    @Test("Large events are bounded by their bytes")
    func bytes() throws {
        let collector = try Collector { _ in .silence }
        let telemetry = try telemetry(collector.port)
        let text = String(repeating: "x", count: 1 << 20)
        for _ in 0..<100 { telemetry.record(TelemetryEvent(.message("m", .warning), [Attribute("text", text)])) }
        let counts = try #require(telemetry.counts.first)
        #expect(counts.waiting <= 9 && counts.waiting + counts.overflowed == 100)
        telemetry.stop(within: .milliseconds(1))
    }
}
