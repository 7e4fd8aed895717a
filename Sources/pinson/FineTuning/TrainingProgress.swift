import Foundation
import Training

/// How far a training has come, and how good it was on the way.
struct TrainingProgress: Codable, Equatable {
    /// The quality after an epoch, on texts that are not learned.
    struct Epoch: Codable, Equatable {
        var number: Int
        /// The number of steps until then.
        var step: Int
        /// The mean loss of the steps of the epoch.
        var loss: Double
        var accuracy: Double
        var macroF1: Double
        var logLoss: Double
        /// The measure that decides which epoch is the best.
        var value: Double
    }

    /// The loss of each step, in order.
    var losses: [Float] = []
    var epochs: [Epoch] = []
    /// The position of the best epoch in `epochs`, or nil if there is none yet.
    var best: Int?

    /// The number of epochs since the best one.
    var epochsWithoutGain: Int { best.map { epochs.count - 1 - $0 } ?? 0 }

    /// Adds an epoch, and says whether it is the best one until now.
    ///
    /// - Parameters:
    ///   - epoch: The epoch.
    ///   - measure: The measure that decides.
    /// - Returns: Whether it is the best one.
    mutating func add(_ epoch: Epoch, _ measure: QualityMeasure) -> Bool {
        epochs.append(epoch)
        guard best.map({ measure.improvement(epochs[$0].value, epoch.value) > 0 }) ?? true else { return false }
        best = epochs.count - 1
        return true
    }

    /// The mean loss of the last `count` steps.
    func recentLoss(_ count: Int) -> Double {
        let recent = losses.suffix(count)
        return recent.reduce(0) { $0 + Double($1) } / Double(max(1, recent.count))
    }

    /// The losses of all steps as a row of bars, from the first to the last.
    ///
    /// - Parameter width: The most bars.
    /// - Returns: One character for each bar; the highest bar is the largest loss.
    func sparkline(_ width: Int) -> String {
        guard !losses.isEmpty else { return "" }
        let count = min(width, losses.count)
        let means = (0..<count).map { part in
            let range = losses.count * part / count..<losses.count * (part + 1) / count
            return losses[range].reduce(0) { $0 + Double($1) } / Double(range.count)
        }
        guard let low = means.min(), let high = means.max(), high > low else {
            return String(repeating: "▁", count: count)
        }
        let bars = Array("▁▂▃▄▅▆▇█")
        return String(means.map { bars[min(7, Int(($0 - low) / (high - low) * 8))] })
    }
}
