import Alerts
import Fixtures
import Foundation
import JSON
import ModelFile
import Packaging
import Testing

@testable import function

/// Texts over HTTP that differ from those of the training.
@Suite struct DriftEndpointTests {
    /// The tiny model, with statistics that say that texts have about ten characters.
    private func model() throws -> ModelFile {
        let tiny = try RunningFunction.tinyModel()
        let count = try ModelCard(tiny).labels.count
        let statistics = TrainingStatistics(
            texts: 100 * count, labels: Array(repeating: 100, count: count), score: .init(mean: 0.6, deviation: 0.1),
            length: .init(mean: Float(log(11.0)), deviation: 0.1), unknown: nil)
        return try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("model.gguf").path
            try tiny.rewrite(adding: statistics.entries, to: path, hash: sha256)
            let file = try ModelFile(path: path)
            try file.verify()
            return file
        }
    }

    private func predict(_ function: RunningFunction, _ count: Int) throws {
        for _ in 0..<count {
            let answer = try function.predict(#"{"text":"a text with many more characters than ten"}"#)
            #expect(answer.status == 200)
        }
    }

    @Test("A full window of texts that have changed raises one alert a day, and the metrics show the change")
    func drift() throws {
        let settings = try AlertSettings { $0 == "DRIFT_WINDOW" ? "100" : nil }
        let function = try RunningFunction(
            model: model(), access: ["API_KEYS": "operate:ops"], alerts: settings)
        defer { function.server.drain() }
        try predict(function, 99)
        #expect(try changed(function).isEmpty, "the window is not full")
        #expect(!function.log.contains { $0.contains("prediction_alert") })
        try predict(function, 1)
        for _ in 0..<500 where !function.log.contains(where: { $0.contains("prediction_alert") }) { usleep(10_000) }
        try predict(function, 100)
        usleep(100_000)
        let lines = function.log.filter { $0.contains("prediction_alert") }
        #expect(lines.count == 1 && lines[0].contains(#""cause":"drift""#))
        #expect(lines[0].contains("Mean logarithm of the length") && lines[0].contains("Chance of a false alarm"))
        let metrics = try function.request("GET", "/metrics").body
        #expect(metrics.contains("\npinson_drift_texts 100\n"))
        #expect(metrics.contains("pinson_drift_mean{statistic=\"length\",source=\"training\"} 2.39"))
        #expect(metrics.contains("pinson_drift_p_value{statistic=\"length\"} "))
        #expect(metrics.contains("\npinson_alerts_raised_total{cause=\"drift\"} 1\n"))
        #expect(try changed(function).contains("length"))
        let shown = try state(function)
        #expect(shown?["texts"] == .number(100) && shown?["false_alarm_rate"] == .number(settings.driftAlpha))
        guard case .array(let labels)? = shown?["labels"] else { Issue.record("no labels"); return }
        let shares = labels.map { label -> Double in if case .number(let now)? = label["now"] { now } else { .nan } }
        #expect(shares.reduce(0, +) == 1)
    }

    /// What operators see.
    private func state(_ function: RunningFunction) throws -> JSON? {
        try JSON(parsing: function.request("GET", "/operator", headers: ["X-API-Key": "ops"]).body.utf8)["drift"]
    }

    private func changed(_ function: RunningFunction) throws -> [String] {
        guard case .array(let statistics)? = try state(function)?["statistics"] else { return [] }
        return statistics.compactMap { statistic in
            guard statistic["changed"] == .bool(true), case .string(let name)? = statistic["name"] else { return nil }
            return name
        }
    }

    @Test("Without statistics, or with DRIFT_WINDOW=0, nothing is compared")
    func nothingIsCompared() throws {
        let off = try AlertSettings { $0 == "DRIFT_WINDOW" ? "0" : nil }
        for (model, settings) in [(nil, AlertSettings()), (try model(), off)] {
            let function = try RunningFunction(model: model, alerts: settings)
            defer { function.server.drain() }
            #expect(try !function.request("GET", "/metrics").body.contains("pinson_drift"))
        }
    }
}
