import Fixtures
import Foundation
import Testing

/// The command line as a user sees it.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct CommandLineTests {
    private func pinson(_ arguments: String..., input: String = "", environment: [String: String] = [:]) throws
        -> Program.Result
    {
        try Program.run(Workplace.binary("pinson"), arguments, input: input, environment: environment)
    }

    private func withModel<R>(
        _ architecture: TinyCheckpoint.Architecture = .bert, _ body: (_ model: String, _ folder: URL) throws -> R
    ) throws -> R {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(architecture, in: folder.appendingPathComponent("tiny"))
            let model = folder.appendingPathComponent("tiny.gguf").path
            let packed = try pinson("pack", checkpoint.folder.path, "-o", model, "--max-tokens", "32")
            #expect(packed.status == 0, "\(packed.error)")
            return try body(model, folder)
        }
    }

    @Test(arguments: [
        (["clasify"], "Unexpected argument 'clasify'"),
        (["pack", "x"], "Missing expected argument '--output <model.gguf>'"),
        (["pack", "/nowhere", "-o", "/tmp/x"], "/nowhere: cannot be read, because it is not a folder"),
        (
            ["pack", ".", "-o", "x", "--bits", "3"],
            "The value '3' is invalid for '--bits <bits>': expected 4, 8 or 32."
        ),
        (
            ["classify", "/nowhere.gguf", "a"],
            "pinson: /nowhere.gguf: cannot open the model file: No such file or directory."
        ),
        (["classify", "/etc/hostname", "a"], "/etc/hostname: is not a GGUF file"),
        (["classify", "/tmp", "a"], "/tmp: is not a regular file"),
        (["classify", "x.gguf"], "There are no texts. Give a text, '--input <file>', or - for standard input."),
        (["classify", "x.gguf", "a", "--input", "b"], "Give either texts or '--input <file>', not both."),
        (["classify", "x.gguf", "a", "--format", "xml"], "The value 'xml' is invalid for '--format <format>'"),
        (["evaluate", "x.gguf"], "Missing expected argument '--data <file>'"),
        (["embed", "/nowhere.gguf", "a"], "/nowhere.gguf: cannot open the model file: No such file or directory."),
        (["embed", "x.gguf"], "There are no texts. Give a text, '--input <file>', or - for standard input."),
        (
            ["pack", ".", "-o", "x", "--map", "a=b"],
            "'--text-column', '--label-column', '--map' and '--on-error' need '--data <file>'."
        ),
        (
            ["classify", "x.gguf", "a", "--text-column", "body"],
            "'--text-column', '--label-column', '--lines' and '--on-error' need '--input <file>' or -."
        ),
    ])
    func wrongUsageIsExitCodeTwoWithTheReason(arguments: [String], message: String) throws {
        let result = try Program.run(Workplace.binary("pinson"), arguments)
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.error.contains(message), "\(result.error)")
    }

    @Test func theVersionIsPrinted() throws {
        #expect(try pinson("--version").output == "0.1.0\n")
    }

    @Test func packReportsWhatItHasPacked() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"))
            let data = folder.appendingPathComponent("data.csv")
            try Data("text,label\nlate flight,negative\ngreat crew,positive\n".utf8).write(to: data)
            let model = folder.appendingPathComponent("m.gguf").path
            let text = try pinson(
                "pack", checkpoint.folder.path, "-o", model, "--max-tokens", "32", "--data", data.path)
            #expect(text.status == 0)
            #expect(text.output.contains("BertForSequenceClassification"))
            #expect(text.output.contains("compared with float32, on 2 tweets:"))
            let json = try pinson(
                "pack", checkpoint.folder.path, "-o", model, "--max-tokens", "32", "--data", data.path, "--json")
            let report = try #require(
                JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: [String: Any]])
            #expect(report["model"]?["parameters"] as? Int == TinyCheckpoint.weightCount(.bert))
            let error = try #require(report["quantization"]?["meanAbsoluteError"] as? Double)
            #expect(error > 0 && error < 0.1)
        }
    }

    @Test func inspectVerifiesAndDamageIsExitCodeOne() throws {
        try withModel { model, _ in
            let good = try pinson("inspect", model, "--verify")
            #expect(good.status == 0)
            #expect(good.output.contains("all digests are correct"))
            #expect(good.output.contains("pinson.labels = [\"negative\",\"neutral\",\"positive\"]"))
            let json = try pinson("inspect", model, "--json")
            let summary = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            #expect((summary["tensors"] as? [Any])?.isEmpty == false)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: model))
            bytes[bytes.count - 100] ^= 1
            try bytes.write(to: URL(fileURLWithPath: model))
            let damaged = try pinson("inspect", model, "--verify")
            #expect(damaged.status == 1)
            #expect(damaged.error.contains("has the SHA-256"))
            #expect(try pinson("inspect", model).status == 0)
        }
    }

    @Test func tokenizePrintsIdsAndParityRecognizesSpecialTokens() throws {
        try withModel { model, _ in
            let spelled = try pinson("tokenize", model, "late [SEP]").output
            #expect(spelled == "[2, 66, 1, 30, 42, 53, 1, 3]\n")
            #expect(try pinson("tokenize", model, "late [SEP]", "--parity").output == "[2, 66, 3, 3]\n")
            #expect(
                try pinson("tokenize", model, "--input", "-", input: "{\"text\":\"late\"}\n{\"text\":\"\"}\n").output
                    == "[2, 66, 3]\n[2, 3]\n")
        }
    }

    @Test func classifyStreamsInOrderInEveryFormat() throws {
        try withModel { model, _ in
            let texts = (0..<5000).map { "late \($0 % 7 == 0 ? "great, \"crew\"" : "flight") \($0)" }
            let input =
                "text\n" + texts.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: "\n") + "\n"
            let lines = try pinson("classify", model, "--input", "-", "--format", "jsonl", input: input).output.split(
                separator: "\n")
            let objects = try lines.map {
                try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
            #expect(objects.compactMap { $0["text"] as? String } == texts)
            #expect((objects[0]["logits"] as? [Double])?.count == 3)
            let csv = try pinson("classify", model, "--input", "-", "--format", "csv", input: input).output.split(
                separator: "\n")
            #expect(csv.count == 5001)
            #expect(csv[0] == "text,label,score")
            #expect(csv[1].hasPrefix("\"late great, \"\"crew\"\" 0\","))
            let text = try pinson("classify", model, "late\nflight", "great")
            #expect(
                text.output.split(separator: "\n").map { $0.split(separator: "\t").last } == ["late flight", "great"])
        }
    }

    @Test func evaluateMeasuresAndAFailedGateIsExitCodeOne() throws {
        try withModel { model, folder in
            let data = folder.appendingPathComponent("data.csv")
            try Data("label,text\nnegative,late\npositive,great\nneutral,flight\n".utf8).write(to: data)
            let result = try pinson("evaluate", model, "--data", data.path, "--json")
            #expect(result.status == 0)
            let metrics = try #require(
                (JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])?["metrics"]
                    as? [String: Any])
            #expect(metrics["count"] as? Int == 3)
            #expect(
                try pinson("evaluate", model, "--data", data.path).output.contains(
                    "confusion matrix (each row is a true label)"))
            let gate = try pinson("evaluate", model, "--data", data.path, "--min-accuracy", "1.1")
            #expect(gate.status == 1)
            #expect(gate.error.contains("is below the minimum of 1.1"))
            try Data("label,text\nangry,late\n".utf8).write(to: data)
            let unknown = try pinson("evaluate", model, "--data", data.path)
            #expect(unknown.status == 2)
            #expect(
                unknown.error.contains(
                    "data.csv:2: the model does not know the label 'angry'; its labels are 'negative', 'neutral', 'positive'."
                ))
            try Data().write(to: data)
            #expect(try pinson("evaluate", model, "--data", data.path).error.contains("no tweets found"))
        }
    }

    @Test func benchMeasuresEveryLengthOnSeveralThreads() throws {
        try withModel { model, _ in
            for threads in ["1", "2"] {
                let arguments = ["bench", model, "--threads", threads, "--lengths", "2,16,32", "--runs", "3", "--json"]
                let result = try Program.run(Workplace.binary("pinson"), arguments)
                let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
                let times = try #require(json?["ms"] as? [String: [String: Double]])
                #expect(times.keys.sorted() == ["16", "2", "32"])
                for time in times.values { #expect((time["min"] ?? 0) > 0 && (time["p50"] ?? 0) >= (time["min"] ?? 1)) }
            }
            let tooLong = try pinson("bench", model, "--lengths", "33")
            #expect(tooLong.status == 2)
            #expect(
                tooLong.error.contains(
                    "The value '33' is invalid for '--lengths <lengths>': the model reads at most 32 tokens."))
            #expect(try pinson("bench", model, "--threads", "0").status == 2)
            #expect(
                try pinson("bench", model, "--lengths", "").error.contains(
                    "'--lengths' needs at least one number of tokens."))
        }
    }

    @Test func anEncoderCannotClassify() throws {
        try withModel(.encoder) { model, _ in
            let result = try pinson("classify", model, "late")
            #expect(result.status == 2)
            #expect(result.error.contains("is a sentence encoder, which has no labels"))
        }
    }

    @Test func theInstructionSetCanBeForced() throws {
        try withModel { model, _ in
            let best = try pinson("classify", model, "late", "--format", "jsonl").output
            #expect(
                try pinson("classify", model, "late", "--format", "jsonl", environment: ["PINSON_ISA": "baseline"])
                    .output == best)
            let unknown = try pinson("classify", model, "late", environment: ["PINSON_ISA": "mmx"])
            #expect(unknown.status == 2)
            #expect(
                unknown.error.contains(
                    "The environment variable PINSON_ISA is 'mmx', but this processor supports baseline"))
        }
    }
}
