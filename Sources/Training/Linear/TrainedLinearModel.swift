/// A trained linear model: its features, and its views of them.
public struct TrainedLinearModel: Sendable {
    /// The features.
    public private(set) var vectorizer: Vectorizer
    /// The columns that are features, if some of those that were counted are left out.
    private var selection: [Int]?
    /// The views: how counts become numbers, and the weights of these numbers.
    ///
    /// The outputs of the model are the sums of the outputs of all views.
    public internal(set) var views: [(weighting: Weighting, model: LinearModel)] = []
    /// The number of steps that the solver took; 0 if the model has a closed form.
    public internal(set) var steps = 0
    /// Whether the solver reached its tolerance.
    public internal(set) var isConverged = true

    init(_ vectorizer: Vectorizer) { self.vectorizer = vectorizer }

    /// The number of outputs: 1 for two classes, otherwise one for each class.
    public var outputCount: Int { views[0].model.outputs }

    /// The outputs for each text, (texts, outputs).
    ///
    /// - Parameter counts: The counts of the features of each text, or of all features among which the model has chosen.
    /// - Returns: The outputs of all texts, one text after the other.
    public func outputs(of counts: SparseMatrix) -> [Double] {
        var counts = counts
        if let selection, counts.columnCount != vectorizer.columnCount { counts = counts.columns(at: selection) }
        var sums = [Double](repeating: 0, count: counts.rowCount * outputCount)
        for view in views {
            Vector.add(1, view.model.outputs(of: view.weighting.applied(to: counts, of: vectorizer)), to: &sums)
        }
        return sums
    }

    /// Multiplies all outputs by the factor of a calibration, and adds its offset.
    ///
    /// - Parameter calibration: The calibration.
    public mutating func calibrate(_ calibration: Calibration) {
        scale(by: calibration.factor)
        for output in views[0].model.bias.indices { views[0].model.bias[output] += calibration.offset }
    }

    /// Leaves out all features except for some.
    ///
    /// - Parameter kept: The columns to keep, in ascending order.
    mutating func select(_ kept: [Int]) {
        selection = selection.map { selection in kept.map { selection[$0] } } ?? kept
        vectorizer = Vectorizer(vectorizer, keeping: kept)
        for index in views.indices {
            let model = views[index].model
            views[index].model = LinearModel(
                outputs: model.outputs,
                weights: kept.flatMap { model.weights[$0 * model.outputs..<($0 + 1) * model.outputs] },
                bias: model.bias)
        }
    }

    /// Makes the outputs the means of those of the views instead of their sums.
    mutating func average() { scale(by: 1 / Double(views.count)) }

    private mutating func scale(by factor: Double) {
        for index in views.indices {
            Vector.scale(&views[index].model.weights, by: factor)
            Vector.scale(&views[index].model.bias, by: factor)
        }
    }
}
