import ArgumentParser
import Foundation
import Training

/// Trains epoch after epoch, keeps the best one, and writes checkpoints on the way.
struct FineTuningRun {
    /// Texts to measure on.
    struct HeldOut {
        var ids: [[Int32]]
        var truth: [Int]
        var labels: [String]
    }

    let tuner: any EpochTrainer
    let heldOut: HeldOut
    let measure: QualityMeasure
    /// The training stops after this many epochs without a gain; nil makes all of them.
    let patience: Int?
    let checkpoint: TrainingCheckpoint?
    /// The time between two checkpoints.
    let interval: Duration
    let recorder: RunRecorder?

    /// Trains to the end.
    ///
    /// - Returns: The parameters after the best epoch, and how the training went.
    /// - Throws: `ValidationError` if a checkpoint belongs to another training, or if the loss is not a number.
    func train() throws -> (parameters: [Float], progress: TrainingProgress) {
        var (progress, best): (TrainingProgress, [Float]?) = (TrainingProgress(), nil)
        if checkpoint != nil { Interruption.begin() }
        defer { if checkpoint != nil { Interruption.end() } }
        if let checkpoint, let saved = try checkpoint.load(count: tuner.parameterCount) {
            tuner.resume(saved.state)
            (progress, best) = (saved.progress, saved.best)
            say("going on after step \(decimal(tuner.steps)), from \(checkpoint.path)")
        }
        var line = StepLine(total: tuner.totalSteps, after: tuner.steps)
        var saved = ContinuousClock.now
        while tuner.steps < tuner.totalSteps, patience.map({ progress.epochsWithoutGain < $0 }) ?? true {
            let step = tuner.step()
            guard step.loss.isFinite, step.norm.isFinite else {
                throw ValidationError(
                    "The loss is not a number after step \(tuner.steps). Give a smaller '--learning-rate <rate>'.")
            }
            progress.losses.append(Float(step.loss))
            line.show(step, number: tuner.steps, progress)
            if tuner.steps % tuner.epochSteps == 0 {
                line.clear()
                if progress.add(try epoch(progress), measure) {
                    best = nil  // The memory is freed before there is another copy.
                    best = tuner.currentParameters
                }
            }
            if let checkpoint, let signal = Interruption.signal {
                line.clear()
                save(checkpoint, progress, best)
                say("stopped after step \(decimal(tuner.steps)); the same command goes on from \(checkpoint.path)")
                Interruption.obey(signal)
            }
            if let checkpoint, .now - saved > interval {
                line.clear()
                save(checkpoint, progress, best)
                saved = .now
            }
        }
        line.clear()
        return (best ?? tuner.currentParameters, progress)
    }

    /// Writes a checkpoint.
    ///
    /// If it cannot be written, the training goes on, and the last checkpoint stays.
    private func save(_ checkpoint: TrainingCheckpoint, _ progress: TrainingProgress, _ best: [Float]?) {
        do {
            try checkpoint.save(tuner, progress, best: best)
        } catch {
            say("warning: \(error) The training goes on, and the last checkpoint stays.")
        }
    }

    /// Measures the model after an epoch.
    private func epoch(_ progress: TrainingProgress) throws -> TrainingProgress.Epoch {
        let logits = tuner.logits(heldOut.ids)
        let classes = heldOut.labels.count
        let scores = heldOut.truth.indices.map { Self.softmax(logits[$0 * classes..<($0 + 1) * classes]) }
        let predicted = scores.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
        let metrics = Metrics(labels: heldOut.labels, truth: heldOut.truth, predicted: predicted, scores: scores)
        let epoch = TrainingProgress.Epoch(
            number: progress.epochs.count + 1, step: tuner.steps, loss: progress.recentLoss(tuner.epochSteps),
            accuracy: metrics.accuracy, macroF1: metrics.macroF1, logLoss: metrics.logLoss ?? 0,
            value: measure.value(metrics, positive: classes == 2 ? 1 : nil) ?? metrics.accuracy)
        say(
            "epoch \(epoch.number)  loss \(fixed(epoch.loss, 4)), on new texts \(fixed(epoch.logLoss, 4))  "
                + "accuracy \(fixed(epoch.accuracy, 4))  macro F1 \(fixed(epoch.macroF1, 4))")
        recorder?.log(
            metrics: [
                "loss": epoch.loss, "validation/log_loss": epoch.logLoss, "validation/accuracy": epoch.accuracy,
                "validation/macro_f1": epoch.macroF1,
            ], step: tuner.steps)
        return epoch
    }

    private static func softmax(_ logits: ArraySlice<Float>) -> [Float] {
        let top = logits.max() ?? 0
        let powers = logits.map { exp($0 - top) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
