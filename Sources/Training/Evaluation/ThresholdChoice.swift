/// What a decision threshold should make as large as possible.
public enum ThresholdObjective: Equatable, Sendable {
    /// The precision, among the thresholds with at least this recall.
    ///
    /// Without a floor the best precision often belongs to a threshold that only a few examples reach.
    case precision(recallFloor: Double)
    /// The recall, among the thresholds with at least this precision.
    case recall(precisionFloor: Double)
    /// The F1 value of the label.
    case f1
    /// The mean of the F1 values of the label and of the rest.
    case macroF1
    /// The share of right answers.
    case accuracy
}

/// A threshold for the score of a label, and what it does to the examples it was chosen on.
public struct ThresholdChoice: Codable, Equatable, Sendable {
    /// The lowest score that counts as the label; exact in float32.
    public var threshold: Double
    /// The share of the predictions of the label that are right.
    public var precision: Double
    /// The share of the examples of the label that are found.
    public var recall: Double
    /// The harmonic mean of precision and recall.
    public var f1: Double
    /// The mean of the F1 values of the label and of the rest.
    public var macroF1: Double
    /// The share of right answers.
    public var accuracy: Double
}

extension Predictions {
    /// Chooses the threshold for the score of a label that is best for an objective.
    ///
    /// The threshold lies half-way between two scores that occur, or above all of them. If several thresholds are equally good, the one with
    /// the higher F1 value is taken, then the higher one.
    ///
    /// - Parameters:
    ///   - label: The index of the label.
    ///   - objective: What to make as large as possible.
    /// - Returns: The choice, or nil if no example or every example has the label, or no threshold reaches the floor.
    public func threshold(label: Int, for objective: ThresholdObjective) -> ThresholdChoice? {
        let counts = counts(label: label)
        guard counts.positives > 0, counts.negatives > 0 else { return nil }
        var best: (rank: (Double, Double), index: Int)?
        for index in -1..<counts.thresholds.count {
            let choice = ThresholdChoice(counts, index)
            guard let value = choice.value(objective) else { continue }
            if let rank = best?.rank, (value, choice.f1) <= rank { continue }
            best = ((value, choice.f1), index)
        }
        return best.map { ThresholdChoice(counts, $0.index) }
    }
}

extension ThresholdChoice {
    /// Measures the threshold below the score at `index`, or above all scores if `index` is −1.
    fileprivate init(_ counts: ThresholdCounts, _ index: Int) {
        let (tp, fp) = index < 0 ? (0, 0) : (counts.truePositives[index], counts.falsePositives[index])
        let (fn, tn) = (counts.positives - tp, counts.negatives - fp)
        threshold = boundary(counts.thresholds, index)
        precision = tp + fp == 0 ? 0 : Double(tp) / Double(tp + fp)
        recall = Double(tp) / Double(tp + fn)
        f1 = Double(2 * tp) / Double(2 * tp + fp + fn)
        macroF1 = (f1 + Double(2 * tn) / Double(2 * tn + fp + fn)) / 2
        accuracy = Double(tp + tn) / Double(tp + fp + fn + tn)
    }

    /// Returns what the objective makes large, or nil if its floor is not reached.
    fileprivate func value(_ objective: ThresholdObjective) -> Double? {
        switch objective {
        case .precision(let floor): recall >= floor ? precision : nil
        case .recall(let floor): precision >= floor ? recall : nil
        case .f1: f1
        case .macroF1: macroF1
        case .accuracy: accuracy
        }
    }
}

/// Returns a float32 number above the next lower score and at most the score at `index`.
///
/// Above all scores, it is the next float32 number above the highest one. Below all scores, it is the lowest score.
private func boundary(_ thresholds: [Double], _ index: Int) -> Double {
    if index < 0 { return Double(Float(thresholds[0]).nextUp) }
    let high = thresholds[index]
    guard index + 1 < thresholds.count else { return min(high, Double(Float(high))) }
    let low = thresholds[index + 1]
    let middle = Double(Float(low + (high - low) / 2))
    return middle > low && middle <= high ? middle : high
}
