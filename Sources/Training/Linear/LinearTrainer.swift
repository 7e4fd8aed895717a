/// Trains linear models by minimizing a penalized loss.
public struct LinearTrainer: Sendable {
    /// The loss that is minimized.
    public enum Loss: Sendable, Equatable {
        /// Logistic regression; with more than two classes, of a softmax over all classes.
        case logistic
        /// A linear support vector machine, one class against the rest each.
        case svm(MarginLoss)
    }

    /// How a solver ended.
    public struct Outcome: Sendable {
        /// The number of steps, or of passes over the rows.
        public var steps: Int
        /// Whether the tolerance was reached.
        public var isConverged: Bool
    }

    /// The weight of the classes.
    public enum ClassWeight: String, Sendable, CaseIterable {
        /// Each row has the same weight.
        case none
        /// Each class has the same weight: rows ÷ (classes · rows of the class).
        case balanced

        /// The weight of each row.
        func weights(_ labels: [Int], classes: Int) -> [Double] {
            guard self == .balanced else { return Array(repeating: 1, count: labels.count) }
            let counts = labels.reduce(into: [Int](repeating: 0, count: classes)) { $0[$1] += 1 }
            return labels.map { Double(labels.count) / Double(classes * counts[$0]) }
        }
    }

    /// The loss that is minimized.
    public var loss: Loss
    /// The weight of the loss against the penalty.
    public var c: Double
    /// The share ρ of the absolute values in the penalty (1 − ρ)/2·‖w‖² + ρ·‖w‖₁ of logistic regression, from 0 to 1.
    ///
    /// A share above 0 makes weights zero, and 1 makes most of them zero.
    public var l1Ratio = 0.0
    /// The weight of the classes.
    public var classWeight = ClassWeight.none
    /// The solver of logistic regression if the penalty is smooth.
    public enum Solver: String, Sendable, CaseIterable {
        /// ``LBFGS``, which is the fastest for most texts.
        case lbfgs
        /// A trust-region Newton method, for features of very different sizes.
        case newton
    }

    /// The solver of logistic regression if the penalty is smooth.
    public var solver = Solver.lbfgs
    /// When the solver of logistic regression ends.
    public var settings = LBFGS()
    /// The solver of support vector machines.
    var descent = DualCoordinateDescent()

    /// Creates a trainer.
    ///
    /// - Parameters:
    ///   - loss: The loss that is minimized.
    ///   - c: The weight of the loss against the penalty, above zero.
    public init(_ loss: Loss, c: Double) {
        self.loss = loss
        self.c = c
    }

    /// Trains a model.
    ///
    /// The bias is penalized by the support vector machine and not by logistic regression, as in liblinear and
    /// scikit-learn.
    ///
    /// - Parameters:
    ///   - rows: The rows.
    ///   - labels: The class of each row, from 0.
    ///   - classes: The number of classes, at least 2.
    ///   - soft: The probability of each class that is learned instead of the labels, (rows, classes), or nil. Only for
    ///     logistic regression.
    /// - Returns: The model, and how the solver ended.
    public func train(
        _ rows: SparseMatrix, _ labels: [Int], classes: Int, soft: [Double]? = nil
    ) -> (model: LinearModel, Outcome) {
        precondition(soft == nil || loss == .logistic && soft?.count == labels.count * classes)
        precondition(labels.count == rows.rowCount && classes >= 2)
        let weights = classWeight.weights(labels, classes: classes)
        let outputs = classes == 2 ? 1 : classes
        switch loss {
        case .logistic: return trainLogistic(rows, labels, soft, weights, outputs)
        case .svm(let loss): return trainSVM(rows, labels, weights, outputs, loss)
        }
    }

    private func trainLogistic(
        _ rows: SparseMatrix, _ labels: [Int], _ soft: [Double]?, _ weights: [Double], _ outputs: Int
    ) -> (model: LinearModel, Outcome) {
        // Dividing by the sum of all weights makes the tolerance of the solver independent of the number of rows.
        let total = weights.reduce(0, +)
        let order = ColumnOrder(rows)
        let objective = LinearObjective(
            rows: order.applied(to: rows), labels: labels, soft: soft, rowWeights: weights.map { $0 / total },
            outputs: outputs,
            penalty: (1 - l1Ratio) / (c * total))
        let count = (rows.columnCount + 1) * outputs
        let bias = rows.columnCount * outputs
        let start = [Double](repeating: 0, count: count)
        let outcome =
            if l1Ratio > 0 {
                OrthantWiseLBFGS(settings: settings, factor: l1Ratio / (c * total), penalized: 0..<bias)
                    .minimize(from: start) { objective.value(at: $0, &$1) }
            } else if solver == .newton {
                TrustRegionNewton(settings: settings).minimize(from: start) {
                    objective.value(at: $0, &$1)
                } curvature: { position in
                    let chances = objective.chances(at: position)
                    return { objective.curvature(chances, along: $0) }
                }
            } else {
                settings.minimize(from: start) { objective.value(at: $0, &$1) }
            }
        var model = LinearModel(
            outputs: outputs, weights: order.restored(outcome.position[..<bias], outputs: outputs),
            bias: Array(outcome.position[bias...]))
        if outputs > 1 {
            // A softmax does not change if all biases do by the same number.
            let mean = model.bias.reduce(0, +) / Double(outputs)
            for output in 0..<outputs { model.bias[output] -= mean }
        }
        return (model, Outcome(steps: outcome.steps, isConverged: outcome.isConverged))
    }

    private func trainSVM(
        _ rows: SparseMatrix, _ labels: [Int], _ weights: [Double], _ outputs: Int, _ loss: MarginLoss
    ) -> (model: LinearModel, Outcome) {
        let planes = inParallel(outputs, parts: outputs) { part in
            let wanted = outputs == 1 ? 1 : part.lowerBound
            return descent.minimize(
                rows, signs: labels.map { $0 == wanted ? 1 : -1 }, costs: weights.map { c * $0 }, loss)
        }
        let interleaved =
            outputs == 1
            ? planes[0].weights : (0..<rows.columnCount).flatMap { column in planes.map { $0.weights[column] } }
        return (
            LinearModel(outputs: outputs, weights: interleaved, bias: planes.map(\.bias)),
            Outcome(
                steps: planes.reduce(0) { $0 + $1.passes }, isConverged: planes.allSatisfy(\.isConverged))
        )
    }
}
