import ArgumentParser
import ContainerImage
import Foundation
import Inference
import ModelFile
import Packaging
import Training

struct FineTune: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fine-tune",
        abstract: "Trains a BERT or DistilBERT on labelled texts and writes a model file.",
        discussion: """
            The base is a folder that Hugging Face's save_pretrained has written: an encoder, a language model or a \
            classifier. The trained classifier is written as such a folder too, and packed into the model file.

            The model is measured after each epoch on texts that it has not learned from, those of --validation or a tenth \
            of the data, and the best epoch is kept. The same seed gives the same model on any number of threads. With \
            --checkpoint-dir, a training that was interrupted goes on where it was, and ends with the same model.
            """)

    @Option(
        help: ArgumentHelp("The folder of the checkpoint to start from.", valueName: "folder"), completion: .directory)
    var base: String

    @Option(
        help: """
            The layers of the base to start from, for a smaller model: a number such as 3, which takes layers from the first \
            to the last one at even distances, or a list such as 0,2,5. The default takes all.
            """)
    var layers: LayerChoice?

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
            "The folder for the trained checkpoint. The default is the name of the output file without its extension.",
            valueName: "folder"), completion: .directory)
    var save: String?

    @OptionGroup var checkpoints: CheckpointOptions
    @OptionGroup var settings: FineTuneOptions

    @Option(help: "The bits of a weight in the model file: 8, 4 or 32.")
    var bits = 8

    @OptionGroup var labelled: LabelledData

    @Option(
        help: ArgumentHelp(
            "What to do with a text that occurs with several labels: keep all, keep the most frequent label, or drop.",
            valueName: "action"))
    var onConflict = TrainingData.Conflict.keep

    @Option(help: "The share of the data to measure on if there is no --validation.")
    var holdOut = 0.1

    @OptionGroup var teaching: TeacherOptions

    @OptionGroup var softness: TemperatureOption

    @Option(help: "The name of the model. The default is the name of the output file.")
    var name: String?

    @OptionGroup var about: DescriptionOptions

    @Option(
        help: ArgumentHelp("An HTML page to write about the training and the quality.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @OptionGroup var tracking: TrackingOptions

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard Precision(rawValue: bits) != nil else {
            throw ValidationError("The value '\(bits)' is invalid for '--bits <bits>': expected 4, 8 or 32.")
        }
        guard (0.01...0.9).contains(holdOut) else {
            throw ValidationError(
                "The value '\(holdOut)' is invalid for '--hold-out <hold-out>': expected 0.01 to 0.9.")
        }
        let folders = [checkpointFolder, base].map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        guard folders[0] != folders[1] else {
            throw ValidationError("'--save <folder>' is the folder of the base. Give another one.")
        }
    }

    /// The folder for the trained checkpoint.
    private var checkpointFolder: String {
        let folder = save.map { URL(fileURLWithPath: $0) } ?? URL(fileURLWithPath: output).deletingPathExtension()
        return folder.relativePath == output ? "\(output)-checkpoint" : folder.relativePath
    }

    func run() throws { try tracking.recording("train fine-tune", run) }

    private func run(_ recorder: RunRecorder?) throws {
        let start = ContinuousClock.now
        var sets = try TrainingData(data, validation: validation, holdOut: holdOut, seed: settings.seed, onConflict) {
            try labelled.read($0, limit: .max, labels: [], requiresLabels: true)
        }
        for note in sets.notes { say(note) }
        let base = try BaseCheckpoint(path: base, labels: sets.labels) { count in
            try layers?.layers(of: count) ?? Array(0..<count)
        }
        try check(base)
        recorder?.addData(data, texts: sets.training.count, labels: sets.labels, context: "training")
        let stored = StoredRows(folder: checkpoints.checkpointDir)
        let lesson = try teaching.lesson(sets, labelled, temperature: softness.temperature, stored)
        if let lesson { sets = lesson.sets }
        var plan = try FineTuningPlan(base, sets, lesson?.teaching, settings)
        let arithmetic = Arithmetic(
            settings.precision, threads: settings.threads ?? ProcessInfo.processInfo.activeProcessorCount)
        var options = settings.tunerOptions
        let memory = try plan.microTokens(
            batch: options.batch, arithmetic, available: AvailableMemory.bytes.map { $0 / 10 * 9 })
        let checkpoint = try checkpoints.checkpointDir.map {
            try TrainingCheckpoint(folder: $0, training: plan.digest(settings, options, arithmetic))
        }
        options.microTokens = try checkpoint?.microTokens() ?? memory.tokens
        let tuner = FineTuner(
            plan.shape, parameters: plan.takeParameters(), texts: plan.training, targets: plan.targets, options,
            arithmetic)
        plan.describe(tuner, base, arithmetic, bytes: memory.bytes, recorder)
        let result = try FineTuningRun(
            tuner: tuner, heldOut: .init(ids: plan.heldOut, truth: plan.truth, labels: base.labels),
            measure: QualityMeasure(settings.metric) ?? .overall(.accuracy), patience: settings.patience,
            checkpoint: checkpoint, interval: checkpoints.interval, recorder: recorder
        ).train()
        let trained = ContinuousClock.now
        try base.write(to: checkpointFolder, values: result.parameters)
        var packing = Packer.Options(
            name: name ?? URL(fileURLWithPath: output).deletingPathExtension().lastPathComponent,
            maxTokens: plan.maxTokens, precision: Precision(rawValue: bits))
        packing.description = about.modelDescription
        _ = try Packer.pack(checkpointFolder, into: output, packing)
        try FineTuningResult(
            model: output, checkpoint: checkpointFolder, kind: .base(base.architecture), sets: sets,
            labels: base.labels,
            truth: plan.truth, progress: result.progress, seconds: (trained - start) / .seconds(1)
        ).show(json: json, report: report, data: validation ?? data, recorder)
        checkpoint?.remove()
        stored.remove("teacher")
    }

    private func check(_ base: BaseCheckpoint) throws {
        guard (settings.frozenLayers ?? 0) <= base.layers else {
            throw ValidationError(
                "The value '\(settings.frozenLayers ?? 0)' is invalid for '--frozen-layers <frozen-layers>': the base has "
                    + "\(base.layers) layers.")
        }
    }
}
