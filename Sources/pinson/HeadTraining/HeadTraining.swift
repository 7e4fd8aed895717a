import Inference
import ModelFile
import Packaging
import Training

/// Trains a head on the vectors that a frozen encoder gives texts, and writes both as one model.
struct HeadTraining {
    /// How it went.
    struct Outcome {
        /// The time for the vectors, in seconds.
        var encoding: Double
        /// The time for the head, in seconds.
        var training: Double
        /// What was chosen.
        var recipe: String
    }

    let encoder: SentenceEncoder
    let file: ModelFile
    let options: HeadOptions
    /// Where vectors are kept.
    let stored: StoredRows

    /// Opens the encoder.
    ///
    /// - Parameters:
    ///   - file: The file of a transformer.
    ///   - options: The settings.
    ///   - stored: Where vectors are kept.
    /// - Throws: `ModelFileError` if the file is not a transformer.
    init(_ file: ModelFile, _ options: HeadOptions, _ stored: StoredRows) throws {
        (self.file, self.options, self.stored) = (file, options, stored)
        encoder = try SentenceEncoder(file, instructionSet: .chosenByUser())
    }

    /// Trains and writes the model.
    ///
    /// - Parameters:
    ///   - sets: The texts to learn from, and those that calibrate the scores.
    ///   - lesson: The answers of teachers, or nil.
    ///   - output: The model file to create or replace.
    ///   - name: The name of the model.
    ///   - description: What the file says about the model.
    /// - Returns: How it went.
    /// - Throws: `NotFiniteError` if the encoder has no vector for a text, and `FileError` if a file cannot be written.
    func write(
        _ sets: TrainingData, _ lesson: Lesson?, to output: String, named name: String,
        _ description: ModelDescription
    ) throws -> Outcome {
        let start = ContinuousClock.now
        let learned = try vectors(sets.training.texts)
        let heldOut = try vectors(sets.heldOut.texts)
        let encoded = ContinuousClock.now
        say("training the head on \(decimal(learned.count)) texts of \(sets.labels.count) classes")
        var (head, recipe) = train(learned, sets, lesson)
        let outputs = (0..<heldOut.count).flatMap { head.logits(heldOut[$0]) }
        head.scale(
            by: Calibration(outputs: outputs, labels: sets.heldOut.labels, count: sets.labels.count).factor)
        let trained = ContinuousClock.now
        try HeadPacker(
            labels: sets.labels, kind: head.dense.map { $0.activation == .tanh ? .tanh : .relu } ?? .linear,
            dense: head.dense.map { .init(weights: $0.weights, bias: $0.bias) },
            classifier: .init(weights: head.weights, bias: head.bias)
        ).write(file, to: output, named: name, description)
        return Outcome(
            encoding: (encoded - start) / .seconds(1), training: (trained - encoded) / .seconds(1), recipe: recipe)
    }

    private func train(
        _ vectors: TextVectors, _ sets: TrainingData, _ lesson: Lesson?
    ) -> (VectorHead, String) {
        let (labels, classes) = (sets.training.labels, sets.labels.count)
        guard let activation = options.hidden.activation else {
            let trainer = LogisticHead(c: options.c, seed: options.seed)
            let result = trainer.train(vectors, labels, classes: classes, soft: lesson?.mixed)
            return (result.head, "logistic, C \(result.c)")
        }
        var trainer = DenseHead(activation, seed: options.seed)
        trainer.epochs = options.epochs
        let targets = SoftTargets(labels: labels, classes: classes, teaching: lesson?.teaching)
        return (
            trainer.train(vectors, targets, Arithmetic(.float32, threads: 1)),
            "\(activation.rawValue), \(options.epochs) epochs"
        )
    }

    /// The vectors of texts, computed with the kernels that serve the model.
    private func vectors(_ texts: [String]) throws -> TextVectors {
        let values = try stored.rows("vectors", of: texts, by: file, width: encoder.width) {
            say("computing the vectors of \(decimal(texts.count)) texts")
            var progress = Progress(unit: "texts", total: texts.count)
            var values: [Float] = []
            values.reserveCapacity(texts.count * encoder.width)
            for start in stride(from: 0, to: texts.count, by: TextArguments.window) {
                let end = min(start + TextArguments.window, texts.count)
                for vector in encoder.poolOnAllCores(Array(texts[start..<end])) { values += vector }
                progress.advance(by: end - start)
            }
            progress.finish()
            guard values.allSatisfy(\.isFinite) else { throw NotFiniteError(path: file.path) }
            return values
        }
        return TextVectors(width: encoder.width, values: values)
    }
}
