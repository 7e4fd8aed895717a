import Fixtures
import Foundation
import Testing

/// The options that name the columns and labels of data.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct LabelledDataTests {
    /// A tiny checkpoint, its model file, and a file of data.
    private struct Files {
        let checkpoint: String
        let model: String
        let data: String
    }

    private func withFiles(
        _ content: String, _ architecture: TinyCheckpoint.Architecture = .bert, _ body: (Files) throws -> Void
    ) throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(architecture, in: folder.appendingPathComponent("tiny"))
            let data = folder.appendingPathComponent("data.csv")
            try Data(content.utf8).write(to: data)
            try body(
                Files(
                    checkpoint: checkpoint.folder.path, model: folder.appendingPathComponent("m.gguf").path,
                    data: data.path))
        }
    }

    private func pinson(_ arguments: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments)
    }

    private func pack(_ files: Files, _ arguments: String...) throws -> Program.Result {
        try Program.run(
            Workplace.binary("pinson"),
            ["pack", files.checkpoint, "-o", files.model, "--max-tokens", "32"] + arguments)
    }

    @Test func dataWithLabelsThatTheModelDoesNotKnowIsRefusedBeforeAnythingIsPacked() throws {
        try withFiles("text,label\nlate,negative\ngreat,POSITIVE\n") { files in
            let refused = try pack(files, "--data", files.data)
            #expect(refused.status == 2)
            #expect(
                refused.error.contains(
                    "data.csv:3: the model does not know the label 'POSITIVE'; its labels are 'negative', 'neutral', 'positive'. If it is another name of one of them, give '--map POSITIVE=NAME'."
                ), "\(refused.error)")
            #expect(!FileManager.default.fileExists(atPath: files.model))
            let mapped = try pack(files, "--data", files.data, "--map", "POSITIVE=positive")
            #expect(mapped.status == 0, "\(mapped.error)")
            #expect(mapped.output.contains("accuracy"))
        }
    }

    @Test func theLabelsOfTheModelCanBeNamed() throws {
        try withFiles("text,label\nlate,bad\n") { files in
            let packed = try pack(files, "--labels", "bad, so so,good", "--data", files.data)
            #expect(packed.status == 0, "\(packed.error)")
            #expect(packed.output.contains("labels: bad, so so, good\n"))
            #expect(try pinson("evaluate", files.model, "--data", files.data).status == 0)
            let refused = try pack(files, "--labels", "bad,good")
            #expect(refused.status == 2)
            #expect(refused.error.contains("the model has 3 labels"), "\(refused.error)")
        }
    }

    @Test func columnsAndLabelsWithOtherNamesAreRead() throws {
        try withFiles("id,mood,body\n1,NEG,late\n2,positive,great\n") { files in
            #expect(try pack(files).status == 0)
            let columns = ["--text-column", "body", "--label-column", "mood"]
            func run(_ arguments: String...) throws -> Program.Result {
                try Program.run(Workplace.binary("pinson"), arguments + columns)
            }
            let evaluated = try run("evaluate", files.model, "--data", files.data, "--map", "NEG=negative")
            #expect(evaluated.status == 0, "\(evaluated.error)")
            let classified = try run("classify", files.model, "--input", files.data)
            #expect(
                classified.output.split(separator: "\n").map { $0.split(separator: "\t").last } == ["late", "great"])
            let tokens = try run("tokenize", files.model, "--input", files.data).output
            #expect(try tokens == pinson("tokenize", files.model, "late", "great").output)
            let missing = try pinson("classify", files.model, "--input", files.data)
            #expect(missing.status == 2)
            #expect(missing.error.contains("its columns are 'id', 'mood', 'body'"), "\(missing.error)")
        }
    }

    @Test func aMapOntoALabelThatTheModelDoesNotHaveIsRefused() throws {
        try withFiles("text,label\nlate,NEG\n") { files in
            let refused = try pack(files, "--data", files.data, "--map", "NEG=bad")
            #expect(refused.status == 2)
            #expect(
                refused.error.contains(
                    "The value 'NEG=bad' is invalid for '--map <data=model>': the model has no label 'bad'; its labels are 'negative', 'neutral', 'positive'."
                ), "\(refused.error)")
            let shapeless = try pack(files, "--data", files.data, "--map", "NEG")
            #expect(shapeless.status == 2)
            #expect(shapeless.error.contains("expected KEY=VALUE"), "\(shapeless.error)")
        }
    }

    @Test func theDataOfASentenceEncoderMayHaveAnyLabels() throws {
        try withFiles("text,label\nlate,anything\n", .encoder) { files in
            let packed = try pack(files, "--data", files.data)
            #expect(packed.status == 0, "\(packed.error)")
            #expect(!packed.output.contains("accuracy"))
        }
    }
}
