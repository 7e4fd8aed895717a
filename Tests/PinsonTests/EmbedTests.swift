import Fixtures
import Foundation
import Testing

/// `embed` as a user sees it.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct EmbedTests {
    private struct Line: Decodable {
        var text: String?
        var body: String?
        var embedding: [Double]
    }

    private func embed(_ architecture: TinyCheckpoint.Architecture, _ arguments: String..., input: String = "") throws
        -> Program.Result
    {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(architecture, in: folder.appendingPathComponent("tiny"))
            let model = folder.appendingPathComponent("tiny.gguf").path
            let pinson = Workplace.binary("pinson")
            let packed = try Program.run(
                pinson, ["pack", checkpoint.folder.path, "-o", model, "--max-tokens", "32"])
            #expect(packed.status == 0, "\(packed.error)")
            return try Program.run(pinson, ["embed", model] + arguments, input: input)
        }
    }

    private func lines(_ result: Program.Result) throws -> [Line] {
        #expect(result.status == 0, "\(result.error)")
        return try result.output.split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
    }

    @Test(arguments: TinyCheckpoint.Architecture.allCases)
    func everyTransformerGivesVectorsOfLengthOne(architecture: TinyCheckpoint.Architecture) throws {
        let result = try embed(architecture, "late flight", "great \"crew\"")
        #expect(result.output.hasPrefix("{\"text\":\"late flight\",\"embedding\":["))
        let lines = try lines(result)
        #expect(lines.map(\.text) == ["late flight", "great \"crew\""])
        for line in lines {
            #expect(line.embedding.count == TinyCheckpoint.width)
            #expect(abs(line.embedding.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        }
        #expect(lines[0].embedding != lines[1].embedding)
    }

    @Test func aFileIsEmbeddedInItsOrderAndATextHasTheSameVectorEverywhere() throws {
        let texts = (0..<5000).map { $0 % 7 == 0 ? "late" : "flight" + String(repeating: " not", count: $0 % 20) }
        let input = "id,body\n" + texts.map { "1,\($0)\n" }.joined()
        let lines = try lines(embed(.encoder, "--input", "-", "--text-column", "body", input: input))
        #expect(lines.map(\.body) == texts)
        let vectors = Dictionary(grouping: lines, by: \.body).mapValues { Set($0.map(\.embedding)) }
        #expect(vectors.values.allSatisfy { $0.count == 1 })
        #expect(Set(vectors.values).count == 21)
    }

    @Test("CSV and an array of NumPy hold the same vectors")
    func formats() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(.encoder, in: folder.appendingPathComponent("tiny"))
            let (model, array) = (
                folder.appendingPathComponent("m.gguf").path, folder.appendingPathComponent("a.npy").path
            )
            let pinson = Workplace.binary("pinson")
            let packed = try Program.run(pinson, ["pack", checkpoint.folder.path, "-o", model, "--max-tokens", "32"])
            #expect(packed.status == 0)
            let input = "e1,text\n7,late crew\n8,\"great, really\"\n"
            let json = try Program.run(pinson, ["embed", model, "--input", "-"], input: input)
            let vectors = try lines(json).map(\.embedding)

            let csv = try Program.run(pinson, ["embed", model, "--input", "-", "--format", "csv"], input: input)
            let rows = csv.output.split(separator: "\n")
            #expect(rows[0].hasPrefix("input_e1,text,e0,e1,e2,") && rows[0].hasSuffix(",e\(TinyCheckpoint.width - 1)"))
            #expect(rows[2].hasPrefix("8,\"great, really\","))
            #expect(rows[1].split(separator: ",").dropFirst(2).compactMap { Double($0) } == vectors[0])

            let npy = try Program.run(
                pinson, ["embed", model, "--input", "-", "--format", "npy", "-o", array], input: input)
            #expect(npy.status == 0, "\(npy.error)")
            let bytes = try Data(contentsOf: URL(fileURLWithPath: array))
            #expect(bytes.count == 128 + 4 * 2 * TinyCheckpoint.width)
            let header = String(decoding: bytes[10..<128], as: UTF8.self)
            let shape = "(2, \(TinyCheckpoint.width))"
            #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }"))
            let floats = bytes[128...].withUnsafeBytes { raw in
                (0..<2 * TinyCheckpoint.width).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            }
            #expect(zip(floats, vectors.joined()).allSatisfy { abs(Double($0) - $1) < 1e-7 })

            let refused = try Program.run(pinson, ["embed", model, "--format", "npy", "late"])
            #expect(refused.status == 2 && refused.error.contains("'--format npy' needs '--output <file>'"))
        }
    }
}
