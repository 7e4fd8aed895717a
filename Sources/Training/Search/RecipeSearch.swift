/// Finds the best of several recipes by cross-validation.
///
/// The n-grams of all texts are counted once for all recipes with the same features; see ``TextSet``.
public struct RecipeSearch: Sendable {
    /// A recipe, with its name and its result.
    public struct Candidate: Sendable {
        /// The choices in words, such as `logistic word+char C=2`.
        public var name: String
        /// The recipe.
        public var recipe: Recipe
        /// The value on each fold that was measured.
        public internal(set) var values: [Double] = []
        /// The seconds that all folds took.
        public internal(set) var seconds = 0.0
        /// Whether the candidate was given up because it could hardly become the best.
        public internal(set) var isGivenUp = false

        /// Names a recipe.
        ///
        /// - Parameters:
        ///   - name: The choices in words.
        ///   - recipe: The recipe.
        public init(_ name: String, _ recipe: Recipe) {
            self.name = name
            self.recipe = recipe
        }

        /// The mean value, or nil if no fold was measured.
        public var mean: Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
    }

    /// The candidates, in the order in which they are tried.
    public private(set) var candidates: [Candidate]
    /// What is compared, from 0 to 1, where a larger value is better.
    private let value: @Sendable (Metrics) -> Double
    private let folds: Folds
    private let deadline: ContinuousClock.Instant?

    /// Prepares a search.
    ///
    /// - Parameters:
    ///   - candidates: The candidates, at least one.
    ///   - folds: The parts of the texts.
    ///   - budget: No candidate is begun after this time, except for the first.
    ///   - value: What is compared, from 0 to 1, where a larger value is better.
    public init(
        _ candidates: [Candidate], _ folds: Folds, within budget: Duration? = nil,
        by value: @escaping @Sendable (Metrics) -> Double
    ) {
        precondition(!candidates.isEmpty)
        self.candidates = candidates
        self.value = value
        self.folds = folds
        deadline = budget.map { .now + $0 }
    }

    /// The candidate with the highest mean of those that were measured on all folds.
    public var best: Candidate? {
        candidates.filter { $0.values.count == folds.count }.max { $0.mean ?? 0 < $1.mean ?? 0 }
    }

    /// Measures all candidates.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - labels: The class of each text, from 0.
    ///   - names: The names of the classes.
    ///   - report: Receives each candidate once it is finished or given up.
    public mutating func run(
        _ texts: [String], _ labels: [Int], names: [String], _ report: (_ candidate: Candidate, _ number: Int) -> Void
    ) {
        let set = TextSet(texts)
        for index in candidates.indices {
            if index > 0, let deadline, .now > deadline { return }
            let start = ContinuousClock.now
            for fold in 0..<folds.count where !isHopeless(index) {
                candidates[index].values.append(measure(candidates[index].recipe, set, fold, labels, names))
            }
            candidates[index].isGivenUp = candidates[index].values.count < folds.count
            candidates[index].seconds = (ContinuousClock.now - start) / .seconds(1)
            report(candidates[index], index)
        }
    }

    private func measure(
        _ recipe: Recipe, _ set: TextSet, _ fold: Int, _ labels: [Int], _ names: [String]
    ) -> Double {
        let (training, heldOut) = folds.split(fold)
        let model = recipe.train(set, at: training, labels, classes: names.count)
        return value(
            Metrics(
                Predictions(
                    outputs: model.outputs(of: set, at: heldOut), labels: names, truth: heldOut.map { labels[$0] })))
    }

    /// Whether a candidate is so much worse on the folds that it has, that the other folds can hardly change it.
    private func isHopeless(_ index: Int) -> Bool {
        let values = candidates[index].values
        guard values.count >= 2, let best, let mean = candidates[index].mean else { return false }
        let reference = best.values.prefix(values.count).reduce(0, +) / Double(values.count)
        let texts = Double(folds.part.count) * Double(values.count) / Double(folds.count)
        return reference - mean > 2 * (reference * (1 - reference) / texts).squareRoot()
    }
}
