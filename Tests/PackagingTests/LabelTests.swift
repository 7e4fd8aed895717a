import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Packaging

/// The labels of a packed model: those of the checkpoint, their defaults, or the user's.
@Suite struct LabelTests {
    private func labels(
        _ architecture: TinyCheckpoint.Architecture = .bert, of names: [String]? = nil,
        _ edit: (inout [String: Any]) -> Void = { _ in }
    ) throws -> [String] {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(architecture, in: folder.appendingPathComponent("tiny"), edit: edit)
            let output = folder.appendingPathComponent("model.gguf").path
            let options = Packer.Options(maxTokens: 32, labels: names)
            let report = try Packer.pack(checkpoint.folder.path, into: output, options)
            #expect(try ModelFile(path: output).metadata.strings("pinson.labels") == report.labels)
            #expect(try Packer.labels(of: checkpoint.folder.path, options) == report.labels)
            return report.labels
        }
    }

    /// The labels of a configuration alone, for numbers of labels that the tiny checkpoint does not have.
    private func configured(_ edit: (inout [String: Any]) -> Void) throws -> [String] {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"), edit: edit)
            return try Configuration(folder: checkpoint.folder.path).labels
        }
    }

    @Test func labelsWithoutNamesHaveTheDefaultNames() throws {
        #expect(
            try labels {
                $0["id2label"] = nil
                $0["num_labels"] = 3
            } == ["LABEL_0", "LABEL_1", "LABEL_2"])
        #expect(try configured { $0["id2label"] = nil } == ["LABEL_0", "LABEL_1"])
        #expect(
            try configured {
                $0["id2label"] = NSNull()
                $0["num_labels"] = NSNull()
            } == ["LABEL_0", "LABEL_1"])
    }

    @Test func theUserCanNameTheLabels() throws {
        #expect(try labels(of: ["bad", "so so", "good"]) == ["bad", "so so", "good"])
        #expect(
            try labels(of: ["a", "b", "c"]) {
                $0["id2label"] = nil
                $0["num_labels"] = 3
            } == ["a", "b", "c"])
        #expect(try labels(.encoder) == [])
    }

    @Test(arguments: [
        (
            TinyCheckpoint.Architecture.bert, ["a", "b"],
            "config.json: the model has 3 labels, which are 'negative', 'neutral', 'positive', but '--labels' gives 'a', 'b'. Give 3 distinct names in the same order."
        ),
        (.bert, ["a", "b", "a"], "but '--labels' gives 'a', 'b', 'a'."),
        (.bert, ["a", "", "b"], "but '--labels' gives 'a', '', 'b'."),
        (.encoder, ["a", "b"], "the model is a sentence encoder, which has no labels. Leave out '--labels'."),
        (.encoder, [], "which has no labels. Leave out '--labels'."),
    ])
    func labelsThatDoNotFitAreRefused(
        architecture: TinyCheckpoint.Architecture, names: [String], message: String
    ) throws {
        let error = #expect(throws: PackagingError.self) { try labels(architecture, of: names) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
