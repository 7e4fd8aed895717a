import Feedback
import Fixtures
import Foundation
import JSON
import Testing

@testable import function

/// What operators see.
@Suite struct OperatorTests {
    private static let key = ["Authorization": "Bearer ops"]

    private func state(_ function: RunningFunction) throws -> JSON {
        let answer = try function.request("GET", "/operator", headers: Self.key)
        #expect(answer.status == 200 && answer.headers["cache-control"] == "no-store")
        return try JSON(parsing: answer.body.utf8)
    }

    private func array(_ value: JSON?) -> [JSON] { if case .array(let values)? = value { values } else { [] } }

    private func sum(_ slots: JSON?, _ key: String) -> Double {
        array(slots).reduce(0) { total, slot in
            if case .number(let number)? = slot[key] { total + number } else { total }
        }
    }

    @Test func requestsLabelsAndReportsAreCounted() throws {
        try Workplace.withFolder { folder in
            var feedback = FeedbackSettings()
            feedback.folder = folder.path
            let function = try RunningFunction(feedback: feedback, access: ["API_KEYS": "operate:ops"])
            defer { function.server.drain() }
            let label = try function.predict(#"{"text":"late again"}"#).json()["label"] as? String
            #expect(try function.predict(#"{"texts":["late again","late again"]}"#).status == 200)
            #expect(try function.predict("{}").status == 422)
            let report = #"{"text":"late","predicted_label":"positive","score":1,"expected_label":"negative"}"#
            let id = try function.request("POST", "/feedback", body: report).json()["id"] as? String
            _ = try function.request("GET", "/health")

            let state = try state(function)
            #expect(state["model"] == .string("tiny") && state["ready"] == .bool(true))
            #expect(array(state["minutes"]).count == 60 && array(state["hours"]).count == 24)
            for slots in [state["minutes"], state["hours"]] {
                #expect(sum(slots, "requests") == 4 && sum(slots, "errors") == 1)
            }
            let labels = array(state["labels"])
            let index = try #require(labels.firstIndex(of: .string(label ?? "")))
            let counts = array(state["hours"]).map { array($0["labels"]) }
            #expect(counts.allSatisfy { $0.count == labels.count })
            #expect(counts.contains { $0[index] == .number(3) })
            guard case .number(let median)? = state["latency_ms"]?["p50"] else { Issue.record("no median"); return }
            #expect(median > 0 && median < 10_000)
            let recent = array(state["recent_reports"])
            #expect(recent.count == 1 && recent[0]["id"] == id.map { .string($0) })
            #expect(recent[0]["text"] == .string("late") && recent[0]["durable"] == .bool(true))
            #expect(state["reports"]?["incorrect"] == .number(1))

            #expect(try function.request("DELETE", "/feedback/\(id ?? "")", headers: Self.key).status == 200)
            #expect(array(try self.state(function)["recent_reports"]).isEmpty, "an erased report is still shown")
        }
    }

    @Test func aReportIsShownOnceAndTheListAndItsTextsAreBounded() throws {
        var activity = Activity()
        func record(_ number: Int) -> FeedbackRecord {
            FeedbackRecord(
                id: FeedbackID(digest: Array(repeating: UInt8(number), count: 32)), time: .now,
                content: .text(String(repeating: "x", count: 5000)), predicted: "a", score: 1)
        }
        for number in 0..<80 { activity.add(record(number), isDurable: true) }
        activity.add(record(79), isDurable: true)
        #expect(activity.reports.count == Activity.mostReports)
        #expect(activity.reports.map(\.record.id) == (30..<80).reversed().map { record($0).id })
        #expect(activity.reports[0].record.content == .text(String(repeating: "x", count: Activity.longestText)))
    }

    @Test func aTimelineForgetsWhatIsOlderThanItself() {
        var timeline = Timeline(slots: 3, seconds: 10)
        for time in [100, 101, 115, 129] { timeline.update(at: time) { $0.requests += 1 } }
        #expect(timeline.slots(until: 129).map(\.requests) == [2, 1, 1])
        #expect(timeline.slots(until: 139).map(\.requests) == [1, 1, 0])
        timeline.update(at: 131) { $0.requests += 1 }
        #expect(timeline.slots(until: 139).map(\.requests) == [1, 1, 1])
        #expect(timeline.slots(until: 500).map(\.requests) == [0, 0, 0])
        #expect(timeline.slots(until: 129).map { $0.number * 10 } == [100, 110, 120])
    }

    @Test func percentilesAreAtMostATenthOff() throws {
        var random = Seeded(3)
        var histogram = LatencyHistogram()
        #expect(histogram.percentile(0.5) == nil)
        let times = (0..<2000).map { _ in Double.random(in: 0.0005...0.5, using: &random) }.sorted()
        for time in times { histogram.add(time) }
        for share in [0.01, 0.5, 0.95, 0.99, 1] {
            let exact = times[max(0, Int((Double(times.count) * share).rounded(.up)) - 1)]
            let found = try #require(histogram.percentile(share))
            #expect(abs(found / exact - 1) < 0.1, "\(share): \(found), \(exact)")
        }
        var extremes = LatencyHistogram()
        for time in [0, -1, 1e9] { extremes.add(time) }
        #expect(extremes.percentile(1) != nil)
    }
}
