import ArgumentParser
import Foundation
import ModelFile
import Packaging
import Text
import Training

struct TrainLSTM: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lstm",
        abstract: "Trains a recurrent network (LSTM or BiLSTM) on labelled texts and writes a model file.",
        discussion: """
            The network reads the vectors of the words of a text one after the other, in one or two directions. It learns the \
            vectors together with everything else, or takes them from a file of word2vec or GloVe.

            The model is measured after each epoch on texts that it has not learned from, those of --validation or a tenth \
            of the data, and the best epoch is kept. The same seed gives the same model on any number of threads. With \
            --checkpoint-dir, a training that was interrupted goes on where it was, and ends with the same model.
            """)

    @Option(help: ArgumentHelp("A CSV or JSON Lines file with labelled texts.", valueName: "file"), completion: .file())
    var data: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"), completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "A file with labelled texts to measure on. The default is a part of the data.", valueName: "file"),
        completion: .file())
    var validation: String?

    @OptionGroup var checkpoints: CheckpointOptions
    @OptionGroup var settings: LSTMOptions

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
    }

    func run() throws { try tracking.recording("train lstm", run) }

    private func run(_ recorder: RunRecorder?) throws {
        let start = ContinuousClock.now
        var sets = try TrainingData(data, validation: validation, holdOut: holdOut, seed: settings.seed, onConflict) {
            try labelled.read($0, limit: .max, labels: [], requiresLabels: true)
        }
        for note in sets.notes { say(note) }
        recorder?.addData(data, texts: sets.training.count, labels: sets.labels, context: "training")
        let stored = StoredRows(folder: checkpoints.checkpointDir)
        let lesson = try teaching.lesson(sets, labelled, temperature: softness.temperature, stored)
        if let lesson { sets = lesson.sets }
        let plan = try RecurrentPlan(sets, lesson?.teaching, settings)
        let arithmetic = Arithmetic(
            settings.precision, threads: settings.threads ?? ProcessInfo.processInfo.activeProcessorCount)
        let checkpoint = try checkpoints.checkpointDir.map {
            try TrainingCheckpoint(folder: $0, training: plan.digest(settings, arithmetic))
        }
        let trainer = RecurrentTrainer(
            plan.shape, parameters: plan.parameters, texts: plan.training, targets: plan.targets,
            settings.trainerOptions, arithmetic)
        describe(trainer, plan, arithmetic, recorder)
        let result = try FineTuningRun(
            tuner: trainer, heldOut: .init(ids: plan.heldOut, truth: plan.truth, labels: sets.labels),
            measure: QualityMeasure(settings.metric) ?? .overall(.accuracy), patience: settings.patience,
            checkpoint: checkpoint, interval: checkpoints.interval, recorder: recorder
        ).train()
        let trained = ContinuousClock.now
        try write(result.parameters, plan, labels: sets.labels)
        try FineTuningResult(
            model: output, checkpoint: nil, kind: .network(plan.description), sets: sets, labels: sets.labels,
            truth: plan.truth, progress: result.progress, seconds: (trained - start) / .seconds(1)
        ).show(json: json, report: report, data: validation ?? data, recorder)
        checkpoint?.remove()
        stored.remove("teacher")
    }

    private func write(_ parameters: [Float], _ plan: RecurrentPlan, labels: [String]) throws {
        var packer = RecurrentPacker(plan.shape, parameters, plan.vocabulary)
        packer.precision = Precision(rawValue: bits) ?? .int8
        var family = packer.packed()
        family.entries += about.modelDescription.entries
        try family.write(
            to: output,
            ModelCard(
                name: name ?? URL(fileURLWithPath: output).deletingPathExtension().lastPathComponent,
                family: family.name, labels: labels, maxTokens: settings.maxTokens,
                preprocessing: plan.vocabulary.pipeline.strings))
    }

    /// Says what will be trained, before it starts.
    private func describe(
        _ trainer: RecurrentTrainer, _ plan: RecurrentPlan, _ arithmetic: Arithmetic, _ recorder: RunRecorder?
    ) {
        let words = plan.training.reduce(0) { $0 + $1.count }
        say(
            "training \(plan.description): \(decimal(trainer.layout.count)) parameters, \(decimal(plan.training.count)) texts "
                + "of \(plan.shape.labels) classes, \(decimal(words)) words, \(decimal(trainer.totalSteps)) steps; "
                + "\(arithmetic.name) on \(arithmetic.threads) threads")
        recorder?.log(params: [
            "approach": "lstm", "network": plan.description, "epochs": "\(settings.epochs)",
            "batch_size": "\(settings.batchSize)", "learning_rate": "\(settings.learningRate)",
            "dropout": "\(settings.dropout)", "vectors": settings.vectors ?? "", "seed": "\(settings.seed)",
            "instruction_set": arithmetic.name, "texts": "\(plan.training.count)",
        ])
    }
}
