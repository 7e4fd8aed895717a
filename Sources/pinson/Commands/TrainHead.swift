import ArgumentParser
import Foundation
import ModelFile
import Packaging
import Training

struct TrainHead: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "head",
        abstract: "Trains a classifier on the vectors of a sentence encoder and writes one model file.",
        discussion: """
            The encoder stays as it is. The vector of each text is computed once, by the kernels that serve the model, and a \
            logistic regression or a dense layer learns from the vectors, which takes seconds to minutes. The model file \
            holds encoder and head, so one pass gives the answer.

            With --contrastive, the encoder is tuned first with pairs of texts, which helps if there are few labels. The tuned \
            encoder is written as a folder too.
            """)

    @Option(
        help: ArgumentHelp(
            "The model file of a transformer, a model on a tracking server, or the folder of a checkpoint.",
            valueName: "model|folder"), completion: .file())
    var encoder: String

    @Option(help: ArgumentHelp("A CSV or JSON Lines file with labelled texts.", valueName: "file"), completion: .file())
    var data: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"), completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "A file with labelled texts to measure on. The default is a part of the data.", valueName: "file"),
        completion: .file())
    var validation: String?

    @Option(
        help: ArgumentHelp(
            "With --contrastive, the folder for the tuned encoder. The default is the name of the output without its extension.",
            valueName: "folder"), completion: .directory)
    var save: String?

    @Option(
        help: ArgumentHelp(
            "A folder that keeps vectors and scores of teachers, so that the next training does not compute them again.",
            valueName: "folder"), completion: .directory)
    var cache: String?

    @OptionGroup var options: HeadOptions
    @OptionGroup var labelled: LabelledData

    @Option(
        help: ArgumentHelp(
            "What to do with a text that occurs with several labels: keep all, keep the most frequent label, or drop.",
            valueName: "action"))
    var onConflict = TrainingData.Conflict.keep

    @Option(help: "The share of the data to measure on if there is no --validation.")
    var holdOut = 0.1

    @OptionGroup var teaching: TeacherOptions

    @Option(help: "The name of the model. The default is the name of the output file.")
    var name: String?

    @OptionGroup var about: DescriptionOptions

    @Option(
        help: ArgumentHelp("An HTML page to write about the quality.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @OptionGroup var tracking: TrackingOptions

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard (0.01...0.9).contains(holdOut) else {
            throw ValidationError(
                "The value '\(holdOut)' is invalid for '--hold-out <hold-out>': expected 0.01 to 0.9.")
        }
        guard isFolder || !options.contrastive else {
            throw ValidationError(
                "'--contrastive' needs the folder of a checkpoint as '--encoder', and \(encoder) is not a folder.")
        }
        let folders = [tunedFolder, encoder].map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        guard !options.contrastive || folders[0] != folders[1] else {
            throw ValidationError("'--save <folder>' is the folder of the encoder. Give another one.")
        }
        guard isFolder || (options.bits == nil && options.maxTokens == nil) else {
            throw ValidationError(
                "'--bits' and '--max-tokens' need the folder of a checkpoint as '--encoder', and \(encoder) is not a folder."
            )
        }
    }

    /// The folder for the tuned encoder.
    private var tunedFolder: String {
        let folder = save ?? URL(fileURLWithPath: output).deletingPathExtension().relativePath
        return folder == output ? "\(output)-encoder" : folder
    }

    private var isFolder: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: encoder, isDirectory: &isFolder) && isFolder.boolValue
    }

    func run() throws { try tracking.recording("train head", run) }

    private func run(_ recorder: RunRecorder?) throws {
        let sets = try TrainingData(data, validation: validation, holdOut: holdOut, seed: options.seed, onConflict) {
            try labelled.read($0, limit: .max, labels: [], requiresLabels: true)
        }
        for note in sets.notes { say(note) }
        recorder?.addData(data, texts: sets.training.count, labels: sets.labels, context: "training")
        let stored = StoredRows(folder: cache)
        let lesson = try teaching.lesson(sets, labelled, stored)
        let title = name ?? URL(fileURLWithPath: output).deletingPathExtension().lastPathComponent
        let learned = lesson?.sets ?? sets
        let outcome = try withEncoder(sets) { file in
            try HeadTraining(file, options, stored)
                .write(learned, lesson, to: output, named: title, about.modelDescription)
        }
        try HeadResult(model: output, encoder: encoder, sets: learned, outcome: outcome)
            .show(json: json, report: report, data: validation ?? data, recorder)
    }

    /// Calls `body` with the encoder as a model file, which is tuned and packed first if that is wanted.
    private func withEncoder<R>(_ sets: TrainingData, _ body: (ModelFile) throws -> R) throws -> R {
        guard isFolder else { return try body(ModelFile(path: FetchedModel.path(waitingFor: encoder))) }
        var source = encoder
        if options.contrastive {
            source = tunedFolder
            try ContrastiveTuning(options: options).tune(encoder, sets, into: source)
        }
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("pinson-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        let model = place.appendingPathComponent("encoder.gguf").path
        _ = try Packer.pack(
            source, into: model,
            .init(
                name: "encoder",
                maxTokens: options.maxTokens ?? min(128, BaseCheckpoint(path: source, labels: sets.labels).positions),
                precision: options.bits.flatMap { Precision(rawValue: $0) }))
        return try body(ModelFile(path: model))
    }
}
