/// How several models are trained and combined.
///
/// The combination is learned from the outputs of models that have not seen the text: each part of the texts is held out
/// once. Then the members are trained again on all texts.
public struct EnsembleRecipe: Sendable {
    /// How the outputs of the members become those of the ensemble.
    public enum Combination: String, Sendable, CaseIterable {
        /// The mean of the outputs, after each member is calibrated.
        case mean
        /// The mean of the probabilities, after each member is calibrated.
        case vote
        /// A logistic regression on the outputs of all members.
        ///
        /// - Source: Wolpert 1992, "Stacked generalization".
        case stack
    }

    /// The models.
    public var members: [Recipe]
    /// How their outputs become those of the ensemble.
    public var combination: Combination
    /// The number of parts of the texts that are held out, one after the other.
    public var folds = 5
    /// Chooses the parts.
    public var seed: UInt64 = 1

    /// Creates a recipe.
    ///
    /// - Parameters:
    ///   - members: The models, at least two.
    ///   - combination: How their outputs become those of the ensemble.
    public init(_ members: [Recipe], _ combination: Combination) {
        precondition(members.count > 1)
        self.members = members
        self.combination = combination
    }

    /// Trains the members and their combination.
    func train(
        _ set: TextSet, at rows: [Int], _ labels: [Int], classes: Int, soft: [Double]?
    ) -> TrainedModel {
        let truth = rows.map { labels[$0] }
        let outputs = classes == 2 ? 1 : classes
        let parts = Folds(rows.map { set.texts[$0] }, truth, count: folds, seed: seed)
        var unseen = members.map { _ in [Double](repeating: 0, count: rows.count * outputs) }
        for fold in 0..<folds {
            let (training, heldOut) = parts.split(fold)
            for (member, recipe) in members.enumerated() {
                let model = recipe.train(set, at: training.map { rows[$0] }, labels, classes: classes, soft: soft)
                let found = model.outputs(of: set, at: heldOut.map { rows[$0] })
                for (position, row) in heldOut.enumerated() {
                    for output in 0..<outputs {
                        unseen[member][row * outputs + output] = found[position * outputs + output]
                    }
                }
            }
        }
        var trained: [TrainedModel] = []
        for (member, recipe) in members.enumerated() {
            let calibration = Calibration(outputs: unseen[member], labels: truth, count: outputs)
            var model = recipe.train(set, at: rows, labels, classes: classes, soft: soft)
            model.calibrate(calibration)
            calibration.apply(to: &unseen[member])
            trained.append(model)
        }
        switch combination {
        case .mean: return .ensemble(TrainedEnsemble(meanOf: trained))
        case .vote: return .ensemble(TrainedEnsemble(voteOf: trained))
        case .stack: return .ensemble(TrainedEnsemble(stackOf: trained, unseen, truth, classes: classes))
        }
    }
}
