import Fixtures
import Foundation
import Testing

/// The accuracy that is promised, on the real checkpoints and tweets.
@Suite(.enabled(if: Workplace.hasShared && Workplace.hasBinaries, "needs the real checkpoints and the binaries"))
struct RealModelTests {
    private let pinson = Workplace.binary("pinson")

    private func withPacked(_ name: String, bits: Int = 8, _ body: (String) throws -> Void) throws {
        try Workplace.withFolder { folder in
            let model = folder.appendingPathComponent("\(name).gguf").path
            let checkpoint = Workplace.shared.appendingPathComponent("models/\(name)").path
            let result = try Program.run(pinson, ["pack", checkpoint, "-o", model, "--bits", "\(bits)"])
            #expect(result.status == 0, "\(result.error)")
            try body(model)
        }
    }

    /// float32: 0.8518 and 0.8495; int8 of ONNX Runtime 1.23.2: 0.8490 and 0.8430.
    @Test(arguments: [("minilm-sentiment140", "sentiment140", "0.8508"), ("minilm-airline", "airline", "0.8455")])
    func quantizingCostsNextToNoAccuracy(model: String, data: String, least: String) throws {
        try withPacked(model) { packed in
            let test = Workplace.shared.appendingPathComponent("data/\(data)/test.csv").path
            let result = try Program.run(pinson, ["evaluate", packed, "--data", test, "--min-accuracy", least])
            #expect(result.status == 0, "\(result.output)\(result.error)")
        }
    }

    /// Three in a thousand below float32.
    @Test(arguments: [("minilm-sentiment140", "sentiment140", "0.8488"), ("minilm-airline", "airline", "0.8465")])
    func fourBitsCostLittle(model: String, data: String, least: String) throws {
        try withPacked(model, bits: 4) { packed in
            let test = Workplace.shared.appendingPathComponent("data/\(data)/test.csv").path
            let result = try Program.run(pinson, ["evaluate", packed, "--data", test, "--min-accuracy", least])
            #expect(result.status == 0, "\(result.output)\(result.error)")
        }
    }

    @Test(arguments: ["minilm-sentiment140", "minilm-airline"])
    func atMostOneLabelInAHundredChanges(model: String) throws {
        try withPacked(model) { packed in
            let file = Workplace.shared.appendingPathComponent("reference/goldens/\(model).jsonl")
            let goldens = try Golden.read(file)
            let lines = try Program.run(pinson, ["classify", packed, "--input", file.path, "--format", "jsonl"]).output
                .split(separator: "\n")
            let found = try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).logits }
            #expect(found.count == goldens.count)
            let flips = zip(found, goldens).count { argmax($0) != argmax($1.logits ?? []) }
            #expect(flips * 100 <= goldens.count, "\(flips) of \(goldens.count)")
        }
    }

    private struct Line: Decodable { var logits: [Float] }

    private func argmax(_ values: [Float]) -> Int? { values.indices.max { values[$0] < values[$1] } }

    @Test func theEmbeddedModelIsTheOnePackedFromTheCheckpoint() throws {
        try withPacked("minilm-sentiment140") { packed in
            let embedded = Workplace.repository.appendingPathComponent("function/model/model.gguf")
            let fresh = try Data(contentsOf: URL(fileURLWithPath: packed))
            #expect(try Data(contentsOf: embedded) == fresh)
        }
    }
}
