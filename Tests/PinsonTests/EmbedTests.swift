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
}
