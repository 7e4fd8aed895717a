import ModelFile
import Packaging
import Text
import Training

extension LinearPacker {
    /// The features and the weights of a trained model.
    init(_ trained: TrainedLinearModel) {
        let columns = trained.vectorizer.columns
        let outputs = trained.outputCount
        var views: [(schema: LinearModelSchema.View, weights: [Double])] = []
        for (weighting, model) in trained.views {
            for (block, columns) in columns.enumerated() {
                let view = LinearModelSchema.View(
                    block: block, counting: .init(weighting.counting), usesFrequency: weighting.usesFrequency,
                    norm: weighting.normalizes ? .euclidean : nil)
                let weights = model.weights[columns.lowerBound * outputs..<columns.upperBound * outputs]
                views.append((view, Array(weights)))
            }
        }
        let bias = (0..<outputs).map { output in trained.views.reduce(0) { $0 + $1.model.bias[output] } }
        // The standard deviations go into the weights, so the model file does not need them.
        let counts = trained.vectorizer.options.counts.enumerated().map { position, count in
            let column = trained.vectorizer.ngramColumnCount + position
            let factor = trained.vectorizer.countFactors[position]
            return (
                name: count.rawValue,
                weights: (0..<outputs).map { output in
                    factor * trained.views.reduce(0) { $0 + $1.model.weights[column * outputs + output] }
                }
            )
        }
        self.init(
            blocks: trained.vectorizer.vocabularies.map {
                Block(name: $0.block.description, hashes: $0.hashes, frequencies: $0.frequencies)
            }, views: views, bias: bias, counts: counts)
    }

    /// Leaves out the least important features until the file is small enough.
    ///
    /// - Parameter bytes: The most bytes of the file.
    mutating func prune(toBytes bytes: Int) {
        // Fingerprint, frequency, a share of a bucket, and the weights; and the rest of the file.
        let perFeature = 3.5 + Double(bias.count * views.count) / Double(blocks.count)
        prune(to: max(1, Int(Double(bytes - 12 * 1024) / perFeature)))
    }
}

extension LinearModelSchema.Counting {
    init(_ counting: Weighting.Counting) {
        self =
            switch counting {
            case .count: .count
            case .sublinear: .sublinear
            case .binary: .binary
            }
    }
}
