extension LearningCurve {
    /// Trains a recipe on growing parts of the texts, and measures each model on texts that it has not learned from.
    ///
    /// The parts are a sixteenth, an eighth, a quarter, a half and all of the texts. Each contains the smaller ones. A part
    /// in which a class has no text is left out. The accuracy on the training texts is that on as many of them as are
    /// held out.
    ///
    /// - Parameters:
    ///   - recipe: The recipe.
    ///   - texts: The texts to learn from.
    ///   - labels: The class of each text, from 0.
    ///   - heldOut: The texts to measure on.
    ///   - truth: The class of each of them.
    ///   - names: The names of the classes.
    ///   - seed: Chooses the parts.
    /// - Complexity: About twice the time of one training.
    public init(
        of recipe: Recipe, _ texts: [String], _ labels: [Int], heldOut: [String], truth: [Int], names: [String],
        seed: UInt64
    ) {
        var random = SplitMix64(seed: seed)
        let order = texts.indices.shuffled(using: &random)
        func accuracy(_ model: TrainedModel, _ texts: [String], _ truth: [Int]) -> Double {
            Metrics(Predictions(outputs: model.outputs(of: texts), labels: names, truth: truth)).accuracy
        }
        var points: [Point] = []
        for divisor in [16, 8, 4, 2, 1] {
            let part = order.prefix(texts.count / divisor)
            guard Set(part.map { labels[$0] }).count == names.count else { continue }
            let model = recipe.train(part.map { texts[$0] }, part.map { labels[$0] }, classes: names.count)
            let some = part.prefix(heldOut.count)
            points.append(
                Point(
                    examples: part.count, validation: accuracy(model, heldOut, truth),
                    training: accuracy(model, some.map { texts[$0] }, some.map { labels[$0] })))
        }
        self.init(metric: .accuracy, points: points)
    }
}
