import Foundation

/// Trained models whose outputs are combined by a linear layer.
///
/// The inputs of the layer are the outputs of all members, one member after the other, or, if the members vote, the
/// logarithm of the mean of their probabilities.
public struct TrainedEnsemble: Sendable {
    /// The models.
    public let members: [TrainedModel]
    /// Whether the members vote with their probabilities.
    public let isVote: Bool
    /// The weights of the layer, (outputs, inputs).
    public private(set) var weights: [Double]
    /// The number that is added to each output.
    public private(set) var bias: [Double]

    /// The number of outputs: 1 for two classes, otherwise one for each class.
    public var outputCount: Int { bias.count }

    /// Combines models by the mean of their outputs.
    init(meanOf members: [TrainedModel]) {
        let outputs = members[0].outputCount
        let inputs = members.count * outputs
        self.members = members
        isVote = false
        weights = (0..<outputs * inputs).map { $0 % inputs % outputs == $0 / inputs ? 1 / Double(members.count) : 0 }
        bias = Array(repeating: 0, count: outputs)
    }

    /// Combines models by the mean of their probabilities.
    init(voteOf members: [TrainedModel]) {
        let outputs = members[0].outputCount
        self.members = members
        isVote = true
        weights = (0..<outputs * outputs).map { $0 % outputs == $0 / outputs ? 1 : 0 }
        bias = Array(repeating: 0, count: outputs)
    }

    /// Combines models by a logistic regression on their outputs.
    ///
    /// - Parameters:
    ///   - members: The models.
    ///   - unseen: The outputs of each member for each text, from models that have not learned the text.
    ///   - labels: The class of each text.
    ///   - classes: The number of classes.
    init(stackOf members: [TrainedModel], _ unseen: [[Double]], _ labels: [Int], classes: Int) {
        let outputs = members[0].outputCount
        let inputs = members.count * outputs
        var rows = SparseMatrix(columnCount: inputs)
        for text in labels.indices {
            for (member, values) in unseen.enumerated() {
                for output in 0..<outputs {
                    rows.append(Float(values[text * outputs + output]), column: Int32(member * outputs + output))
                }
            }
            rows.endRow()
        }
        let (model, _) = LinearTrainer(.logistic, c: 1).train(rows, labels, classes: classes)
        self.members = members
        isVote = false
        weights = (0..<outputs).flatMap { output in (0..<inputs).map { model.weights[$0 * outputs + output] } }
        bias = model.bias
    }

    /// The outputs for each text, (texts, outputs).
    ///
    /// - Parameter compute: Computes the outputs of a member for all texts.
    /// - Returns: The outputs of all texts, one text after the other.
    func outputs(_ compute: (TrainedModel) -> [Double]) -> [Double] {
        let parts = members.map(compute)
        let count = outputCount
        return (0..<parts[0].count / count).flatMap { text -> [Double] in
            let range = text * count..<(text + 1) * count
            let inputs = isVote ? Self.vote(parts.map { Array($0[range]) }) : parts.flatMap { $0[range] }
            return (0..<count).map { output in
                zip(inputs, weights[output * inputs.count..<(output + 1) * inputs.count]).reduce(bias[output]) {
                    $0 + $1.0 * $1.1
                }
            }
        }
    }

    /// The logarithm of the mean probability of each class; for two classes, of its ratio to that of the other one.
    static func vote(_ outputs: [[Double]]) -> [Double] {
        guard outputs[0].count > 1 else {
            let mean = outputs.reduce(0) { $0 + 1 / (1 + exp(-$1[0])) } / Double(outputs.count)
            let inside = min(max(mean, 1e-6), 1 - 1e-6)
            return [log(inside / (1 - inside))]
        }
        var means = [Double](repeating: 0, count: outputs[0].count)
        for member in outputs {
            let largest = member.max() ?? 0
            let powers = member.map { exp($0 - largest) }
            let sum = powers.reduce(0, +)
            for output in means.indices { means[output] += powers[output] / sum / Double(outputs.count) }
        }
        return means.map { log(max($0, 1e-6)) }
    }

    /// Multiplies all outputs by the factor of a calibration, and adds its offset.
    ///
    /// - Parameter calibration: The calibration.
    public mutating func calibrate(_ calibration: Calibration) {
        Vector.scale(&weights, by: calibration.factor)
        calibration.apply(to: &bias)
    }
}

extension TrainedEnsemble {
    /// A linear model with the same outputs, or nil if the members are not linear models with the same features.
    ///
    /// It is smaller and faster than the ensemble, because it looks up each n-gram once.
    public var merged: TrainedLinearModel? {
        var linear: [TrainedLinearModel] = []
        for member in members {
            guard case .linear(let model) = member else { return nil }
            linear.append(model)
        }
        guard !isVote, linear.allSatisfy({ $0.vectorizer.hasSameColumns(as: linear[0].vectorizer) }) else { return nil }
        var merged = linear[0]
        (merged.views, merged.steps) = ([], 0)
        for (index, model) in linear.enumerated() {
            merged.steps += model.steps
            merged.isConverged = merged.isConverged && model.isConverged
            for view in model.views { merged.views.append((view.weighting, mixed(view.model, index))) }
        }
        for output in bias.indices { merged.views[0].model.bias[output] += bias[output] }
        return merged
    }

    /// The weights of a member after the layer of the ensemble.
    private func mixed(_ model: LinearModel, _ member: Int) -> LinearModel {
        let (count, inputs) = (outputCount, weights.count / outputCount)
        func mix(_ values: ArraySlice<Double>) -> [Double] {
            (0..<count).map { output in
                zip(values, weights[output * inputs + member * count..<output * inputs + (member + 1) * count])
                    .reduce(0) { $0 + $1.0 * $1.1 }
            }
        }
        let columns = model.weights.count / count
        return LinearModel(
            outputs: count, weights: (0..<columns).flatMap { mix(model.weights[$0 * count..<($0 + 1) * count]) },
            bias: mix(model.bias[...]))
    }
}
