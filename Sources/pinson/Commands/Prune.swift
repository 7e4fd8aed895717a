import ArgumentParser
import ContainerImage
import Foundation
import ModelFile
import Packaging
import Training

struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Leaves out the word pieces of a transformer that texts do not use.",
        discussion: """
            The vectors of word pieces are half of a small transformer, and tweets of one language use a part of them. \
            Special tokens, single characters, and all pieces that the texts of --data use stay. The answer to a text is \
            the same, to the bit, if the text has none of the other pieces. A word with one of them is cut into smaller \
            pieces.

            A model file becomes a smaller model file. The folder of a checkpoint becomes such a folder, from which \
            'pinson train fine-tune' can start, so that the rest learns to do without.
            """)

    @Argument(
        help: ArgumentHelp(
            "A model file, a model on a tracking server, or the folder of a checkpoint.", valueName: "model|folder"),
        completion: .file())
    var subject: String

    @Option(
        help: ArgumentHelp(
            "A CSV or JSON Lines file with texts like those that the model will read. Repeat it for several files.",
            valueName: "file"), completion: .file())
    var data: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The model file to write, or the folder for a checkpoint.", valueName: "file|folder"),
        completion: .file())
    var output: String

    @Option(help: "The fewest times that a piece must occur in the texts to stay.")
    var minCount = 1

    @Option(
        help: ArgumentHelp(
            """
            A file with other texts, to count how many of their pieces are lost. By default, the loss is that of a tenth of \
            the texts, if only the others had been counted.
            """, valueName: "file"), completion: .file())
    var heldOut: String?

    @OptionGroup var labelled: LabelledData

    @Flag(help: "Print the report as JSON.")
    var json = false

    func validate() throws {
        guard (1...1_000_000_000).contains(minCount) else {
            throw ValidationError(
                "The value '\(minCount)' is invalid for '--min-count <min-count>': expected 1 to 1000000000.")
        }
        guard URL(fileURLWithPath: subject).standardizedFileURL != URL(fileURLWithPath: output).standardizedFileURL
        else {
            throw ValidationError("'--output \(output)' is what is to be pruned. Give another name.")
        }
    }

    func run() throws {
        var isFolder: ObjCBool = false
        let texts = try data.flatMap(read)
        let others = try heldOut.map(read)
        if FileManager.default.fileExists(atPath: subject, isDirectory: &isFolder), isFolder.boolValue {
            let checkpoint = try PrunableCheckpoint(path: subject)
            try prune(checkpoint.vocabulary, texts, others) { try checkpoint.prune(to: $0, into: output) }
        } else {
            let file = try ModelFile(path: FetchedModel.path(waitingFor: subject))
            let vocabulary = try PrunableVocabulary(file)
            try prune(vocabulary, texts, others) { try file.prune(to: $0, of: vocabulary, into: output) }
        }
    }

    private func read(_ path: String) throws -> [String] {
        try labelled.read(path, limit: .max, labels: [], requiresLabels: false).map(\.text)
    }

    private func prune(
        _ vocabulary: PrunableVocabulary, _ texts: [String], _ others: [String]?,
        write: ([Int]) throws -> PruningReport
    ) throws {
        say("finding the word pieces of \(decimal(texts.count)) texts")
        let pieces = vocabulary.pieces(of: texts)
        let kept = vocabulary.kept(for: pieces, minCount: minCount)
        let loss: PieceLoss
        if let others {
            loss = PieceLoss(of: vocabulary.pieces(of: others), kept: kept)
        } else {
            let rest = pieces.indices.filter { $0 % 10 > 0 }.map { pieces[$0] }
            let tenth = pieces.indices.filter { $0 % 10 == 0 }.map { pieces[$0] }
            loss = PieceLoss(of: tenth, kept: vocabulary.kept(for: rest, minCount: minCount))
        }
        try show(write(kept), loss)
    }

    /// How many word pieces of texts are not there any more.
    private struct PieceLoss: Encodable {
        var texts: Int
        var pieces: Int
        var lostPieces = 0
        var textsWithLoss = 0

        init(of texts: [[Int32]], kept: [Int]) {
            let kept = Set(kept.map(Int32.init))
            self.texts = texts.count
            pieces = texts.reduce(0) { $0 + $1.count }
            for text in texts {
                let lost = text.count { !kept.contains($0) }
                lostPieces += lost
                textsWithLoss += lost > 0 ? 1 : 0
            }
        }
    }

    private struct Summary: Encodable {
        var output: String
        var before: PruningReport.Size
        var after: PruningReport.Size
        var heldOut: PieceLoss
    }

    private func show(_ report: PruningReport, _ loss: PieceLoss) throws {
        guard !json else {
            return try printJSON(
                Summary(output: output, before: report.before, after: report.after, heldOut: loss))
        }
        func line(_ name: String, _ before: Int, _ after: Int, _ unit: String) {
            print("\(name)\(decimal(after)) \(unit), before \(decimal(before))")
        }
        print("output      \(output.singleLine)")
        line("pieces      ", report.before.pieces, report.after.pieces, "word pieces")
        line("embeddings  ", report.before.embeddings, report.after.embeddings, "bytes")
        line("size        ", report.before.bytes, report.after.bytes, "bytes")
        func percent(_ part: Int, _ all: Int) -> String { fixed(100 * Double(part) / Double(max(1, all)), 2) }
        let place = heldOut?.singleLine ?? "a tenth of the texts, if only the others had been counted"
        print(
            "loss        \(decimal(loss.lostPieces)) of \(decimal(loss.pieces)) pieces "
                + "(\(percent(loss.lostPieces, loss.pieces)) %) in \(place); "
                + "\(percent(loss.textsWithLoss, loss.texts)) % of these texts have one")
    }
}
