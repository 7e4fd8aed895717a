import Fixtures
import Foundation
import Testing

/// What training and packing write into a model file about texts, as the function uses it.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct DriftStatisticsTests {
    private func run(_ arguments: String...) throws {
        let result = try Program.run(Workplace.binary("pinson"), arguments)
        try #require(result.status == 0, "\(result.error)")
    }

    private func predict(_ function: FunctionProcess, _ texts: [String]) throws {
        for text in texts {
            let body = try JSONEncoder().encode(["text": text])
            let answer = try Client.request(
                port: function.port, "POST", "/predict", body: String(decoding: body, as: UTF8.self))
            #expect(answer.status == 200)
        }
    }

    private func alerts(_ function: FunctionProcess) -> [String] {
        function.lines.filter { $0.contains("prediction_alert") }
    }

    @Test(
        "Texts like those of the training raise no alert, and other texts raise one",
        arguments: ["bayes", "forest", "lexicon", "ensemble"])
    func aTrainedModel(approach: String) throws {
        try Workplace.withFolder { folder in
            let (data, model) = (folder.appendingPathComponent("a.csv"), folder.appendingPathComponent("a.gguf"))
            try Data(TrainTests.csv(1500, classes: 2, seed: 1).utf8).write(to: data)
            try run("train", approach, "--data", data.path, "-o", model.path)
            try run("inspect", model.path, "--verify")
            let function = try FunctionProcess(
                ["MODEL_PATH": model.path, "DRIFT_WINDOW": "100", "LOG_LEVEL": "warning", "DRIFT_ALPHA": "0.0001"],
                log: folder.appendingPathComponent("log"))
            defer { _ = function.terminate() }
            let known = TrainTests.csv(300, classes: 2, seed: 2).split(separator: "\n").dropFirst()
                .compactMap { $0.split(separator: ",").first.map { String($0.dropFirst().dropLast()) } }
            try predict(function, known)
            #expect(alerts(function) == [])
            let metrics = try Client.request(port: function.port, "GET", "/metrics").body
            #expect(metrics.contains("\npinson_drift_texts 100\n"))
            #expect(metrics.contains("pinson_drift_mean{statistic=\"unknown\",source=\"training\"}"))
            let other = (0..<100).map { "une phrase d'une autre langue, bien plus longue que les autres, numéro \($0)" }
            try predict(function, other)
            for _ in 0..<100 where alerts(function).isEmpty { usleep(50_000) }
            #expect(alerts(function).count == 1 && alerts(function)[0].contains("Unknown tokens"))
        }
    }

    @Test("Packing writes them with --data, and not without")
    func aPackedModel() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"))
            let (data, model) = (folder.appendingPathComponent("a.csv"), folder.appendingPathComponent("a.gguf"))
            try Data(("text\n" + (0..<60).map { "a text \($0)\n" }.joined()).utf8).write(to: data)
            for options in [[], ["--data", data.path]] {
                let result = try Program.run(
                    Workplace.binary("pinson"),
                    ["pack", checkpoint.folder.path, "-o", model.path, "--max-tokens", "64", "--json"] + options)
                #expect(result.status == 0, "\(result.error)")
                try run("inspect", model.path, "--verify")
                let bytes = try Data(contentsOf: model)
                #expect(bytes.range(of: Data("pinson.drift.texts".utf8)) == nil ? options.isEmpty : !options.isEmpty)
                #expect(result.output.contains("\"bytes\" : \(bytes.count)"))
            }
        }
    }
}
