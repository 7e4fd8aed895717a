/// A curve of two rates, one point for each threshold from the highest to the lowest.
public struct Curve: Codable, Equatable, Sendable {
    /// The value on the horizontal axis of each point.
    public var x: [Double]
    /// The value on the vertical axis of each point.
    public var y: [Double]
    /// The lowest score that counts as positive at each point; nil if no score is high enough.
    public var thresholds: [Double?]

    /// Returns a curve with fewer points, which looks the same.
    ///
    /// The algorithm of Ramer, Douglas and Peucker keeps the points that are needed to stay within the tolerance.
    ///
    /// - Parameter tolerance: The largest distance of a point of this curve from the result, where both axes have
    ///   length 1.
    /// - Returns: The curve with the first and the last point, and those between them that are needed.
    /// - Source: Douglas and Peucker 1973, doi:10.3138/FM57-6770-U75U-7727.
    public func simplified(tolerance: Double = 0.0005) -> Curve {
        guard x.count > 2 else { return self }
        // Points that lie close together are joined first, because the time of the algorithm can grow with the square
        // of their number.
        var near = [0]
        for index in 1..<(x.count - 1) where distance(index, near[near.count - 1]) > tolerance / 2 {
            near.append(index)
        }
        near.append(x.count - 1)
        var isKept = [Bool](repeating: false, count: near.count)
        (isKept[0], isKept[near.count - 1]) = (true, true)
        var open = [(first: 0, last: near.count - 1)]
        while let part = open.popLast() {
            let inner = (part.first + 1)..<max(part.last, part.first + 1)
            let offsets = inner.map { offset(near[$0], near[part.first], near[part.last]) }
            guard let largest = offsets.max(), largest > tolerance / 2, let place = offsets.firstIndex(of: largest)
            else { continue }
            let middle = inner.lowerBound + place
            isKept[middle] = true
            open += [(part.first, middle), (middle, part.last)]
        }
        let kept = near.indices.filter { isKept[$0] }.map { near[$0] }
        return Curve(x: kept.map { x[$0] }, y: kept.map { y[$0] }, thresholds: kept.map { thresholds[$0] })
    }

    private func distance(_ a: Int, _ b: Int) -> Double {
        ((x[a] - x[b]) * (x[a] - x[b]) + (y[a] - y[b]) * (y[a] - y[b])).squareRoot()
    }

    /// Returns the distance of a point from the line between two others.
    private func offset(_ point: Int, _ first: Int, _ last: Int) -> Double {
        let length = distance(first, last)
        guard length > 0 else { return distance(point, first) }
        let cross = (x[last] - x[first]) * (y[first] - y[point]) - (x[first] - x[point]) * (y[last] - y[first])
        return abs(cross) / length
    }
}

extension Curve {
    /// The ROC curve of a label: the true positive rate over the false positive rate.
    ///
    /// It is nil if no example, or every example, has this label.
    public static func roc(_ predictions: Predictions, label: Int) -> Curve? {
        let counts = predictions.counts(label: label)
        guard counts.positives > 0, counts.negatives > 0 else { return nil }
        return Curve(
            x: [0] + counts.falsePositives.map { Double($0) / Double(counts.negatives) },
            y: [0] + counts.truePositives.map { Double($0) / Double(counts.positives) },
            thresholds: [nil] + counts.thresholds)
    }

    /// The precision-recall curve of a label: the precision over the recall.
    ///
    /// It is nil if no example has this label.
    public static func precisionRecall(_ predictions: Predictions, label: Int) -> Curve? {
        let counts = predictions.counts(label: label)
        guard counts.positives > 0 else { return nil }
        return Curve(
            x: counts.truePositives.map { Double($0) / Double(counts.positives) },
            y: zip(counts.truePositives, counts.falsePositives).map { Double($0) / Double($0 + $1) },
            thresholds: counts.thresholds)
    }
}

extension Predictions {
    /// Returns the counts at each threshold of the score of a label.
    func counts(label: Int) -> ThresholdCounts {
        ThresholdCounts(scores: scores[label], isPositive: truth.map { $0 == label })
    }
}
