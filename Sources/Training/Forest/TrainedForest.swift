import Foundation

/// A trained forest: its features and its trees.
///
/// The share of a class is its mean over all trees. The output is the logarithm of the share, or for two classes of its
/// ratio to the share of the other class, after a calibration.
public struct TrainedForest: Sendable {
    /// The features.
    public let vectorizer: Vectorizer
    /// The trees.
    public let trees: [DecisionTree]
    /// The number of outputs: 1 for two classes, otherwise one for each class.
    public let outputCount: Int
    /// The factor of the outputs.
    public private(set) var factor = 1.0
    /// The number that is added to each output.
    public private(set) var offset = 0.0

    /// The smallest share of a class, which keeps the logarithm finite.
    public static let smallestShare = 1e-4

    init(_ vectorizer: Vectorizer, _ trees: [DecisionTree], outputs: Int) {
        self.vectorizer = vectorizer
        self.trees = trees
        outputCount = outputs
    }

    /// The outputs for each text, (texts, outputs).
    ///
    /// - Parameter counts: The counts of the features of each text.
    /// - Returns: The outputs of all texts, one text after the other.
    public func outputs(of counts: SparseMatrix) -> [Double] {
        let parts = inParallel(counts.rowCount, parts: 16) { range in
            var has = [Bool](repeating: false, count: counts.columnCount)
            var outputs: [Double] = []
            for row in range {
                let features = counts.columns[counts.range(of: row)]
                for feature in features { has[Int(feature)] = true }
                outputs += self.outputs { has[Int($0)] }
                for feature in features { has[Int(feature)] = false }
            }
            return outputs
        }
        return parts.flatMap(\.self)
    }

    private func outputs(_ hasFeature: (Int32) -> Bool) -> [Double] {
        var shares = [Double](repeating: 0, count: outputCount)
        for tree in trees {
            let leaf = tree.leaf(hasFeature)
            for output in 0..<outputCount { shares[output] += Double(tree.shares[leaf * outputCount + output]) }
        }
        return shares.map { sum in
            let share = min(max(sum / Double(trees.count), Self.smallestShare), 1 - Self.smallestShare)
            return factor * (outputCount == 1 ? log(share / (1 - share)) : log(share)) + offset
        }
    }

    /// Multiplies all outputs by the factor of a calibration, and adds its offset.
    ///
    /// - Parameter calibration: The calibration.
    public mutating func calibrate(_ calibration: Calibration) {
        factor *= calibration.factor
        offset = calibration.factor * offset + calibration.offset
    }
}
