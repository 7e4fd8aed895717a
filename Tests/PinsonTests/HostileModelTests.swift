import Fixtures
import Foundation
import Testing

/// Models and checkpoints of strangers, as a user of the command line meets them.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct HostileModelTests {
    private func pinson(_ arguments: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    private func hasControls(_ result: Program.Result) -> Bool {
        (result.output + result.error).unicodeScalars.contains {
            $0 != "\n" && $0.properties.generalCategory == .control && $0 != "\t"
        }
    }

    @Test func controlCharactersNeverReachTheTerminal() throws {
        let evil = "e\u{1B}[31m\u{9B}5m\u{7F}\r\n::error::x"
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny")) {
                $0["id2label"] = ["0": "a\(evil)", "1": "b\(evil)", "2": "c\(evil)"]
            }
            let model = folder.appendingPathComponent("m.gguf").path
            let data = folder.appendingPathComponent("d.csv").path
            try Data("text,label\n\"x\(evil)\",\"a\(evil)\"\n".utf8).write(to: URL(fileURLWithPath: data))
            let results = try [
                pinson(
                    "pack", checkpoint.folder.path, "-o", model, "--max-tokens", "32", "--name", "n\(evil)",
                    "--description", "d\(evil)"),
                pinson("inspect", model), pinson("inspect", model, "--json"),
                pinson("bench", model, "--lengths", "8", "--runs", "1"), pinson("evaluate", model, "--data", data),
                pinson("classify", model, "x\(evil)"), pinson("classify", model, "--input", data, "--format", "jsonl"),
                pinson("embed", model, "x\(evil)"),
                pinson("evaluate", model, "--data", data, "--json"),
                pinson("evaluate", model, "--data", data, "--label-column", "l\(evil)"),
            ]
            for (index, result) in results.enumerated() {
                #expect(!hasControls(result), "\(index): \(result.output)\(result.error)")
                let lines = (result.output + "\n" + result.error).split(separator: "\n")
                #expect(!lines.contains { $0.hasPrefix("::error::") }, "\(index)")
            }
            #expect(results.dropLast().allSatisfy { $0.status == 0 })
        }
    }

    @Test func aModelWithoutFiniteAnswersIsRefused() throws {
        try Workplace.withFolder { folder in
            // The weights are finite, but their products are not.
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"))
            let file = checkpoint.folder.appendingPathComponent("model.safetensors")
            var bytes = try Data(contentsOf: file)
            let length = Int(bytes.prefix(8).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
            let header = try JSONSerialization.jsonObject(with: bytes[8..<8 + length]) as? [String: Any]
            let norm = header?["bert.encoder.layer.1.output.LayerNorm.weight"] as? [String: Any]
            let offsets = try #require(norm?["data_offsets"] as? [Int])
            for offset in stride(from: offsets[0], to: offsets[1], by: 4) {
                withUnsafeBytes(of: Float(3e38)) {
                    bytes.replaceSubrange(8 + length + offset..<12 + length + offset, with: $0)
                }
            }
            try bytes.write(to: file)
            let model = folder.appendingPathComponent("m.gguf").path
            #expect(try pinson("pack", checkpoint.folder.path, "-o", model, "--max-tokens", "32").status == 0)
            let data = folder.appendingPathComponent("d.csv").path
            try Data("text,label\nlate,negative\n".utf8).write(to: URL(fileURLWithPath: data))
            for arguments in [
                ["classify", model, "late"], ["embed", model, "late"], ["evaluate", model, "--data", data],
                ["pack", checkpoint.folder.path, "-o", model, "--max-tokens", "32", "--data", data],
                ["classify", model, "--input", data, "--on-error", "skip", "--format", "jsonl"],
            ] {
                let result = try Program.run(Workplace.binary("pinson"), arguments)
                #expect(result.status == 2)
                #expect(!result.output.contains("late"), "\(result.output)")
                #expect(result.error.contains("\(model): the output of the model is not a finite number"))
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aPipeInPlaceOfAModelIsRefusedAtOnce() throws {
        try Workplace.withFolder { folder in
            for name in ["model.gguf", "model"] {
                let path = folder.appendingPathComponent(name).path
                #expect(mkfifo(path, 0o600) == 0)
                for command in [["inspect", path], ["classify", path, "a"], ["check", path, "--target", "railway"]] {
                    let result = try Program.run(Workplace.binary("pinson"), command)
                    #expect(result.status == 2)
                    #expect(result.error.contains("is not a regular file"), "\(command): \(result.error)")
                }
            }
        }
    }
}
