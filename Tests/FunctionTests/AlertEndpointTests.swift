import Alerts
import Feedback
import Fixtures
import Foundation
import JSON
import Testing

@testable import function

/// Reports over HTTP that raise alerts.
///
/// Another function takes the place of the chat: it classifies the text of a message.
@Suite struct AlertEndpointTests {
    private static let wrong = #"{"tweet":"late again","prediction":"positive","probability":0.75}"#

    private func with(
        hasVolume: Bool = true, chat: Int? = nil, _ body: (RunningFunction) throws -> Void
    ) throws {
        try Workplace.withFolder { folder in
            var feedback = FeedbackSettings()
            if hasVolume { feedback.folder = folder.path }
            let url = chat.map { "http://127.0.0.1:\($0)/predict" }
            let alerts = try AlertSettings { name in name == "ALERT_SLACK_URL" ? url : nil }
            let function = try RunningFunction(
                feedback: feedback, access: ["API_KEYS": "operate:ops"], alerts: alerts)
            defer { function.server.drain() }
            try body(function)
        }
    }

    private func isSent(_ function: RunningFunction) throws -> Bool? {
        try function.request("POST", "/report_error", body: Self.wrong).json()["report_sent"] as? Bool
    }

    @Test("Operators see how far an alert has come, and when alerts are raised")
    func operatorsSeeAlerts() throws {
        let chat = try RunningFunction()
        defer { chat.server.drain() }
        try with(chat: chat.server.port) { function in
            func alerts() throws -> JSON? {
                let answer = try function.request("GET", "/operator", headers: ["X-API-Key": "ops"])
                return try JSON(parsing: answer.body.utf8)["alerts"]
            }
            #expect(try alerts()?["recent"] == .array([]))
            for _ in 0..<3 { _ = try isSent(function) }
            let channels = ["log", "slack"].map {
                JSON.object([
                    .init(key: "name", value: .string($0)), .init(key: "state", value: .string("delivered")),
                ])
            }
            var recent: JSON?
            for _ in 0..<500 {
                if case .array(let all)? = try alerts()?["recent"], all.first?["channels"] == .array(channels) {
                    recent = all.first
                    break
                }
                usleep(10_000)
            }
            #expect(recent?["number"] == .number(1) && recent?["reports"] == .number(3))
            #expect(recent?["cause"] == .string("reports"))
            let state = try alerts()
            #expect(state?["threshold"] == .number(3) && state?["window_seconds"] == .number(300))
            #expect(state?["channels"] == .array([.string("slack")]))
        }
    }

    @Test(
        "The third report is answered with report_sent, when the chat has accepted the alert", arguments: [true, false])
    func reportSent(hasVolume: Bool) throws {
        let chat = try RunningFunction(logsText: true)
        defer { chat.server.drain() }
        try with(hasVolume: hasVolume, chat: chat.server.port) { (function: RunningFunction) throws in
            let answers = try (0..<4).map { _ in try isSent(function) }
            #expect(answers == [false, false, true, false])
            let messages = try chat.log.map { try JSON(parsing: $0.utf8) }
                .filter { $0["message"] == .string("prediction") }
            guard messages.count == 1, case .string(let text)? = messages[0]["text"] else {
                Issue.record("\(messages.count) messages")
                return
            }
            #expect(text.contains("3 wrong predictions of 'tiny'") && text.contains("late again"))
            let metrics = try function.request("GET", "/metrics").body
            #expect(metrics.contains("\npinson_alerts_raised_total{cause=\"reports\"} 1\n"))
            #expect(metrics.contains("\npinson_alerts_total{channel=\"slack\",result=\"delivered\"} 1\n"))
            #expect(metrics.contains("\npinson_alerts_total{channel=\"log\",result=\"delivered\"} 1\n"))
        }
    }

    @Test("Without channels, an alert is a line of the log, which has no texts")
    func theLog() throws {
        try with { (function: RunningFunction) throws in
            let answers = try (0..<3).map { _ in try isSent(function) }
            #expect(answers == [false, false, false])
            let lines = function.log.filter { $0.contains(#""message":"prediction_alert""#) }
            #expect(lines.count == 1 && lines[0].contains(#""severity":"ERROR""#))
            #expect(lines[0].contains(#""reports_amount":3"#) && !lines[0].contains("late again"))
        }
    }

    @Test("Reports of correct predictions, and those that say nothing, raise no alert")
    func whatDoesNotCount() throws {
        try with { (function: RunningFunction) throws in
            for label in ["positive", nil, "positive", nil] {
                let expected = label.map { #","expected_label":"\#($0)""# } ?? ""
                let body = #"{"text":"a","predicted_label":"positive","score":0.5\#(expected)}"#
                let answer = try function.request("POST", "/feedback", body: body)
                #expect(answer.status == 200)
            }
            #expect(!function.log.contains { $0.contains("prediction_alert") })
        }
    }

    @Test("A chat that refuses is no reason to refuse a report, and the log says what it has answered")
    func aChatThatRefuses() throws {
        try with(chat: 1) { (function: RunningFunction) throws in
            let answers = try (0..<3).map { _ in try isSent(function) }
            #expect(answers == [false, false, false])
            let line = try #require(function.log.first { $0.contains("could not be sent through slack") })
            #expect(line.contains("Connect: ") && !line.contains("/predict"))
        }
    }
}
