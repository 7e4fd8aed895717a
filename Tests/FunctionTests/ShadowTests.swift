import Fixtures
import Foundation
import Inference
import ModelFile
import NIOCore
import NIOPosix
import Telemetry
import Testing

@testable import function

/// A second model that sees the texts after they were answered.
@Suite struct ShadowTests {
    private let texts = (0..<60).map { "flight \($0 % 3 == 0 ? "late" : "great") crew \($0)" }

    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    /// Waits until a condition holds, at most for a minute.
    private func wait(_ condition: () -> Bool) { for _ in 0..<6000 where !condition() { usleep(10_000) } }

    @Test("It counts exactly where the two models disagree, and the answers are those of the first")
    func disagreements() throws {
        let other = try RunningFunction.tinyModel(seed: 2)
        let function = try RunningFunction(shadow: other)
        let shadow = try #require(function.service.shadow)
        let (first, second) = (function.service.classifier.makeWorker(), try Classifier(other).makeWorker())
        let labels = function.service.classifier.labels
        var (differences, disagreed) = ([Double](), [String: Int]())
        for text in texts {
            let answer = try function.predict(#"{"text":"\#(text)"}"#).json()
            let (expected, seen) = (first.classify([text])[0], second.classify([text])[0])
            #expect(answer["label"] as? String == labels[expected.label])
            differences.append(Double(abs(expected.scores[expected.label] - seen.scores[expected.label])))
            if expected.label != seen.label {
                disagreed["{label=\"\(labels[expected.label])\",shadow=\"\(labels[seen.label])\"}", default: 0] += 1
            }
        }
        wait { shadow.counts.seconds.count == texts.count }
        let text = try function.request("GET", "/metrics").body
        let count = disagreed.values.reduce(0, +)
        #expect(0 < count && count < texts.count, "the models must differ sometimes")
        #expect(text.contains("pinson_shadow_texts_total{result=\"disagreed\"} \(count)\n"))
        #expect(text.contains("pinson_shadow_texts_total{result=\"agreed\"} \(texts.count - count)\n"))
        for (pair, count) in disagreed {
            #expect(text.contains("pinson_shadow_disagreements_total\(pair) \(count)\n"))
        }
        #expect(abs(shadow.counts.differences.sum - differences.reduce(0, +)) < 1e-4)
        #expect(function.server.drain())
    }

    @Test("It never disagrees with itself, and a share of the texts is taken")
    func itself() throws {
        let shadow = try ShadowModel(
            Classifier(RunningFunction.tinyModel()), labels: TinyCheckpoint.labels, share: 0.25)
        let predictions = try Classifier(RunningFunction.tinyModel()).makeWorker().classify(texts)
        shadow.observe(texts, predictions, on: loop)
        wait { shadow.counts.agreed == 15 }
        usleep(50_000)
        #expect(shadow.counts.agreed == 15 && shadow.counts.dropped == 0)
        #expect(shadow.counts.disagreed.joined().allSatisfy { $0 == 0 } && shadow.counts.differences.sum == 0)
        shadow.stop()
    }

    @Test("What it cannot keep up with is dropped and counted, and memory is bounded")
    func overflow() throws {
        let model = try RunningFunction.tinyModel()
        let shadow = try ShadowModel(Classifier(model), labels: TinyCheckpoint.labels, share: 1)
        let prediction = try Classifier(model).makeWorker().classify(["late"])[0]
        let count = 20_000
        shadow.observe(Array(repeating: "late", count: count), Array(repeating: prediction, count: count), on: loop)
        #expect(shadow.counts.dropped >= count - ShadowModel.limit)
        wait { shadow.counts.agreed + shadow.counts.dropped == count }
        #expect(shadow.counts.agreed + shadow.counts.dropped == count)
        let long = String(repeating: "x", count: ShadowModel.byteLimit + 1)
        shadow.observe([long], [prediction], on: loop)
        #expect(shadow.counts.agreed + shadow.counts.dropped == count + 1)
        shadow.stop()
    }

    @Test("A model with other labels is refused")
    func otherLabels() throws {
        let classifier = try Classifier(RunningFunction.tinyModel())
        let error = try #require(
            #expect(throws: SettingsError.self) { try ShadowModel(classifier, labels: ["no", "yes"], share: 1) })
        #expect(
            error.name == "SHADOW_MODEL_PATH" && error.expected.contains("no, yes, not negative, neutral, positive"))
    }

    @Test("The share is a number from 0 to 1", arguments: ["2", "-1", "half", "nan"])
    func shares(text: String) {
        #expect(throws: SettingsError.self) { try Settings(environment: Environment(["SHADOW_SHARE": text])) }
    }
}
