/// Trains linear models by minimizing a penalized loss.
public struct LinearTrainer: Sendable {
    /// The loss that is minimized.
    public enum Loss: String, Sendable, CaseIterable {
        /// Logistic regression; with more than two classes, of a softmax over all classes.
        case logistic
        /// A linear support vector machine with the squared hinge loss, one class against the rest each.
        case svm
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
    /// The weight of the loss against the penalty ½‖w‖².
    public var c: Double
    /// The weight of the classes.
    public var classWeight = ClassWeight.none
    /// The solver.
    public var solver = LBFGS()

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
    ) -> (model: LinearModel, LBFGS.Outcome) {
        precondition(soft == nil || loss == .logistic && soft?.count == labels.count * classes)
        precondition(labels.count == rows.rowCount && classes >= 2)
        let outputs = classes == 2 ? 1 : classes
        let weights = classWeight.weights(labels, classes: classes)
        // Dividing by the sum of all weights makes the tolerance of the solver independent of the number of rows.
        let total = weights.reduce(0, +)
        let objective = LinearObjective(
            rows: rows, labels: labels, soft: soft, rowWeights: weights.map { $0 / total }, outputs: outputs,
            loss: loss == .logistic ? .logistic : .squaredHinge, penalty: 1 / (c * total), penalizesBias: loss == .svm)
        let count = (rows.columnCount + 1) * outputs
        let outcome = solver.minimize(from: Array(repeating: 0, count: count)) { objective.value(at: $0, &$1) }
        let bias = rows.columnCount * outputs
        let model = LinearModel(
            outputs: outputs, weights: Array(outcome.position[..<bias]), bias: Array(outcome.position[bias...]))
        return (model, outcome)
    }
}
