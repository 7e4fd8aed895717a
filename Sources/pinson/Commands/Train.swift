import ArgumentParser
import ContainerImage
import Foundation
import Inference
import ModelFile
import Training

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains a classifier from labelled texts and writes a model file.",
        discussion: """
            'pinson train logistic' and the other approaches over n-grams learn tens of thousands of tweets in seconds; \
            'pinson train ngrams --help' describes them. 'pinson train word2vec' learns word vectors from texts without \
            labels. 'pinson train lstm' trains a recurrent network in about a minute. 'pinson train fine-tune' trains a BERT \
            or DistilBERT, which is more accurate and takes minutes to hours.
            """,
        subcommands: [TrainNgrams.self, TrainHead.self, TrainWord2Vec.self, TrainLSTM.self, FineTune.self],
        defaultSubcommand: TrainNgrams.self)
}

struct TrainNgrams: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ngrams",
        abstract: "Trains a small classifier over n-grams or words and writes a model file.",
        discussion: """
            A linear model over n-grams of words and characters learns tens of thousands of tweets in seconds. The \
            approach is 'logistic' (logistic regression, good for most data), 'svm' (a support vector machine), 'bayes' \
            (naive Bayes, the fastest to train), 'forest' (decision trees), 'lexicon' (words with \
            valences and rules), 'average' (the mean of vectors of words, as in fastText), 'ensemble' (two models in one, the most accurate), or 'auto', which tries all of them.

            The model is measured as it will be served, on texts that it has not learned from: those of --validation, \
            or a tenth of the data. The same texts calibrate its scores and decide its threshold.
            """)

    @Argument(help: "The kind of model: \(Approach.allCases.map(\.rawValue).joined(separator: ", ")).")
    var approach: Approach

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

    @OptionGroup var teaching: TeacherOptions

    @Option(help: "The share of the data to measure on if there is no --validation.")
    var holdOut = 0.1

    @Option(help: "The seed that chooses the texts to measure on and the parts for cross-validation.")
    var seed: UInt64 = 1

    @Option(help: "The name of the model. The default is the name of the output file.")
    var name: String?

    @Option(
        help: ArgumentHelp(
            """
            An HTML page to write about the quality on the texts to measure on. Its learning curve takes about as long as the \
            training.
            """, valueName: "file"), completion: .file(extensions: ["html"]))
    var report: String?

    @OptionGroup var tracking: TrackingOptions

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard !(recipe.counts && [.bayes, .forest, .lexicon, .average].contains(approach)) else {
            throw ValidationError(
                "A model of the approach '\(approach.rawValue)' knows only n-grams. Leave out '--counts'.")
        }
        guard !(recipe.classWeight == .balanced && [.bayes, .lexicon, .average].contains(approach)) else {
            throw ValidationError(
                "A model of the approach '\(approach.rawValue)' has no weights of classes. Leave out '--class-weight'.")
        }
        guard recipe.hashBits == nil || [.logistic, .svm, .bayes, .average, .ensemble].contains(approach) else {
            throw ValidationError("'--hash-bits' is for the approaches logistic, svm, bayes, average and ensemble.")
        }
        guard recipe.hashBits == nil || maxBytes == nil else {
            throw ValidationError(
                "With '--hash-bits', the number of bits decides about the size of the file. Leave out '--max-bytes'.")
        }
        guard (0.01...0.9).contains(holdOut) else {
            throw ValidationError(
                "The value '\(holdOut)' is invalid for '--hold-out <hold-out>': expected 0.01 to 0.9.")
        }
    }

    func run() throws { try tracking.recording("train \(approach.rawValue)", run) }

    private func run(_ recorder: RunRecorder?) throws {
        let start = ContinuousClock.now
        let sets = try TrainingData(data, validation: validation, holdOut: holdOut, seed: seed, onConflict) {
            try labelled.read($0, limit: .max, labels: [], requiresLabels: true)
        }
        for note in sets.notes { say(note) }
        let positive = try options.positive(of: sets.labels)
        let plan = try TrainingPlan(approach, recipe, options, sets, seed: seed)
        recorder?.addData(data, texts: sets.training.count, labels: sets.labels, context: "training")
        let best = plan.best(positive: positive) { candidate in
            recorder?.addNested(
                candidate.name, params: ["recipe": candidate.name], metrics: candidate.values.map { ["value": $0] },
                seconds: candidate.seconds)
        }
        recorder?.log(params: [
            "approach": approach.rawValue, "recipe": best.name, "seed": "\(seed)", "texts": "\(sets.training.count)",
        ])
        var training = ModelTraining(recipe: best.recipe, maxBytes: maxBytes?.bytes)
        var learned = sets
        guard teaching.teachers.isEmpty || best.recipe.learnsScores else {
            throw ValidationError(
                "'--teacher' needs a logistic regression, a bag of vectors, or an ensemble with one.")
        }
        if let lesson = try teaching.lesson(sets, labelled) {
            (learned, training.soft) = (lesson.sets, lesson.mixed)
        }
        say("training on \(decimal(learned.training.count)) texts of \(sets.labels.count) classes: \(best.name)")
        let title = name ?? URL(fileURLWithPath: output).deletingPathExtension().lastPathComponent
        let outcome = try training.write(to: output, named: title, learned) { outputs in
            options.threshold(
                Predictions(
                    outputs: outputs, labels: sets.labels, truth: sets.heldOut.labels, positive: positive))
        }
        if !outcome.isConverged { say("warning: the solver stopped before it reached its tolerance") }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let untaught = teaching.teachers.isEmpty ? nil : ModelTraining(recipe: best.recipe).accuracy(sets)
        try show(learned, outcome, best, seconds, withoutTeacher: untaught, recorder)
    }

    /// What was trained, and how good it is.
    private struct Result: Encodable {
        var model: String
        var approach: String
        var texts: Int
        var features: Int
        var bytes: Int
        var steps: Int
        var threshold: Float
        var seconds: Double
        /// For each kind of n-grams whose features are bits of a hash, the share of those that share a feature.
        var collisionRates: [String: Double]?
        /// The accuracy of the same recipe that learns only the labels; nil if there is no teacher.
        var accuracyWithoutTeacher: Double?
        var metrics: Metrics
    }

    private func learningCurve(_ recipe: Training.Recipe, _ sets: TrainingData) -> LearningCurve {
        say("training on parts of the texts for the learning curve")
        return LearningCurve(
            of: recipe, sets.training.texts, sets.training.labels, heldOut: sets.heldOut.texts,
            truth: sets.heldOut.labels, names: sets.labels, seed: seed)
    }

    /// Measures the file that was written.
    private func show(
        _ sets: TrainingData, _ outcome: ModelTraining.Outcome, _ chosen: RecipeSearch.Candidate, _ seconds: Double,
        withoutTeacher: Double?, _ recorder: RunRecorder?
    ) throws {
        let classifier = try Classifier(ModelFile(path: output))
        let predictions = classifier.classifyOnAllCores(sets.heldOut.texts)
        let bytes = try classifier.keepStatistics(of: sets.heldOut.texts, predictions, limit: maxBytes?.bytes)
        let result = Result(
            model: output, approach: chosen.name, texts: sets.training.count,
            features: outcome.features, bytes: bytes,
            steps: outcome.steps, threshold: outcome.threshold, seconds: seconds,
            collisionRates: outcome.collisionRates.isEmpty ? nil : outcome.collisionRates,
            accuracyWithoutTeacher: withoutTeacher,
            metrics: Metrics(
                labels: sets.labels, truth: sets.heldOut.labels, predicted: predictions.map(\.label),
                scores: predictions.map(\.scores)))
        if recorder != nil || report != nil {
            let evaluation = Evaluation(
                Predictions(
                    labels: sets.labels, truth: sets.heldOut.labels, predicted: predictions.map(\.label),
                    scores: predictions.map(\.scores)), texts: sets.heldOut.texts, bootstrap: nil)
            let page = EvaluationReport(
                model: classifier.name.singleLine, data: (validation ?? data).singleLine, evaluation: evaluation,
                facts: [
                    .init("Model", chosen.name), .init("Model file", "\(decimal(result.bytes)) bytes"),
                    .init("Training texts", decimal(sets.training.count)),
                ], learningCurve: report == nil ? nil : learningCurve(chosen.recipe, sets))
            if let report { try writeFile(page.html, to: report) }
            recorder?.add(evaluation, page: page)
            recorder?.log(
                params: ["threshold": "\(outcome.threshold)"],
                metrics: [
                    "features": Double(outcome.features), "solver_steps": Double(outcome.steps),
                    "training_seconds": seconds,
                ])
            recorder?.addModel(output, try Classifier(ModelFile(path: output)))
        }
        guard !json else { return try printJSON(result) }
        print("model     \(output.singleLine), \(decimal(result.bytes)) bytes")
        print("features  \(decimal(result.features)) \(approach == .lexicon ? "words" : "n-grams")")
        print(
            "accuracy  \(fixed(result.metrics.accuracy, 4)) on \(decimal(sets.heldOut.count)) texts that were not learned, "
                + "macro F1 \(fixed(result.metrics.macroF1, 4))")
        for (block, rate) in outcome.collisionRates.sorted(by: { $0.key < $1.key }) {
            print("hashing   \(fixed(100 * rate, 1)) % of the n-grams \(block) share a feature with another one")
        }
        if let withoutTeacher { print("teacher   accuracy without it \(fixed(withoutTeacher, 4))") }
        if outcome.threshold != Decision().threshold {
            print("threshold \(fixed(Double(outcome.threshold), 4)) for the label '\(sets.labels[1].singleLine)'")
        }
        print("time      \(fixed(seconds, 1)) s")
    }
}

extension TrainingData.Conflict: ExpressibleByArgument {}
