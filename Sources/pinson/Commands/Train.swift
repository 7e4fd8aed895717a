import ArgumentParser
import ContainerImage
import Foundation
import Inference
import ModelFile
import Packaging
import Text
import Training

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains a small classifier from labelled texts and writes a model file.",
        discussion: """
            A linear model over n-grams of words and characters learns tens of thousands of tweets in seconds. The \
            approach is 'logistic' (logistic regression, good for most data), 'svm' (a support vector machine), 'bayes' \
            (naive Bayes, the fastest to train), 'ensemble' (two models in one, the most accurate), or 'auto', which tries \
            all of them.

            The model is measured as it will be served, on texts that it has not learned from: those of --validation, \
            or a tenth of the data. The same texts calibrate its scores and decide its threshold.
            """)

    @Argument(help: "The kind of model: \(TrainingPlan.Approach.allCases.map(\.rawValue).joined(separator: ", ")).")
    var approach: TrainingPlan.Approach

    @Option(help: ArgumentHelp("A CSV or JSON Lines file with labelled texts.", valueName: "file"), completion: .file())
    var data: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"), completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "A file with labelled texts to measure on. The default is a part of the data.", valueName: "file"),
        completion: .file())
    var validation: String?

    @OptionGroup var labelled: LabelledData
    @OptionGroup var recipe: RecipeOptions
    @OptionGroup var options: SearchOptions

    @Option(
        help: ArgumentHelp(
            "What to do with a text that occurs with several labels: keep all, keep the most frequent label, or drop.",
            valueName: "action"))
    var onConflict = TrainingData.Conflict.keep

    @Option(
        help: ArgumentHelp(
            "The largest model file, such as 400KB. The least important n-grams are left out.", valueName: "size"))
    var maxBytes: ByteSize?

    @Option(help: "The share of the data to measure on if there is no --validation.")
    var holdOut = 0.1

    @Option(help: "The seed that chooses the texts to measure on and the parts for cross-validation.")
    var seed: UInt64 = 1

    @Option(help: "The name of the model. The default is the name of the output file.")
    var name: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard (0.01...0.9).contains(holdOut) else {
            throw ValidationError(
                "The value '\(holdOut)' is invalid for '--hold-out <hold-out>': expected 0.01 to 0.9.")
        }
    }

    func run() throws {
        let start = ContinuousClock.now
        let sets = try TrainingData(data, validation: validation, holdOut: holdOut, seed: seed, onConflict) {
            try labelled.read($0, limit: .max, labels: [], requiresLabels: true)
        }
        for note in sets.notes { say(note) }
        let positive = try options.positive(of: sets.labels)
        let plan = try TrainingPlan(approach, recipe, options, sets, seed: seed)
        let best = plan.best(positive: positive)
        say("training on \(decimal(sets.training.count)) texts of \(sets.labels.count) classes: \(best.name)")
        var trained = best.recipe.train(sets.training.texts, sets.training.labels, classes: sets.labels.count)
        if !trained.isConverged { say("warning: the solver stopped before it reached its tolerance") }
        let counts = trained.vectorizer.counts(of: sets.heldOut.texts)
        trained.calibrate(
            Calibration(outputs: trained.outputs(of: counts), labels: sets.heldOut.labels, count: trained.outputCount))

        var packer = LinearPacker(trained)
        if let maxBytes { packer.prune(toBytes: maxBytes.bytes) }
        var decision = Decision()
        let answers = trained.predictions(
            counts, labels: sets.labels, truth: sets.heldOut.labels, positive: positive)
        if let threshold = options.threshold(answers) { decision.threshold = Float(threshold) }
        let title = name ?? URL(fileURLWithPath: output).deletingPathExtension().lastPathComponent
        let card = ModelCard(
            name: title, family: LinearModelSchema.family, labels: sets.labels,
            maxTokens: ModelCard.maxTokensRange.upperBound, preprocessing: best.recipe.features.pipeline.strings,
            decision: decision)
        try packer.pack(into: output, card)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        try report(sets, packer, best.name, threshold: decision.threshold, seconds)
    }

    /// What was trained, and how good it is.
    private struct Result: Encodable {
        var model: String
        var approach: String
        var texts: Int
        var features: Int
        var bytes: Int
        var threshold: Float
        var seconds: Double
        var metrics: Metrics
    }

    /// Measures the file that was written.
    private func report(
        _ sets: TrainingData, _ packer: LinearPacker, _ chosen: String, threshold: Float, _ seconds: Double
    ) throws {
        let classifier = try Classifier(ModelFile(path: output))
        let predictions = classifier.classifyOnAllCores(sets.heldOut.texts)
        let result = Result(
            model: output, approach: chosen, texts: sets.training.count,
            features: packer.blocks.reduce(0) { $0 + $1.hashes.count }, bytes: classifier.file.withBytes(\.count),
            threshold: threshold, seconds: seconds,
            metrics: Metrics(
                labels: sets.labels, truth: sets.heldOut.labels, predicted: predictions.map(\.label),
                scores: predictions.map(\.scores)))
        guard !json else { return try printJSON(result) }
        print("model     \(output.singleLine), \(decimal(result.bytes)) bytes")
        print("features  \(decimal(result.features)) n-grams")
        print(
            "accuracy  \(fixed(result.metrics.accuracy, 4)) on \(decimal(sets.heldOut.count)) texts that were not learned, "
                + "macro F1 \(fixed(result.metrics.macroF1, 4))")
        if threshold != Decision().threshold {
            print("threshold \(fixed(Double(threshold), 4)) for the label '\(sets.labels[1].singleLine)'")
        }
        print("time      \(fixed(seconds, 1)) s")
    }
}

extension TrainingPlan.Approach: ExpressibleByArgument {}
extension TrainingData.Conflict: ExpressibleByArgument {}
