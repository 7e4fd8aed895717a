public import Text

/// How a bag of vectors is made from labelled texts: each n-gram has a vector, a text is the mean of the vectors of its
/// n-grams, and a linear layer turns the mean into outputs.
///
/// - Source: Joulin et al. 2017, arXiv:1607.01759.
public struct AverageRecipe: Sendable {
    /// The n-grams that have vectors.
    public var features: Vectorizer.Options
    /// The number of dimensions of a vector.
    public var width = 10
    /// The number of passes over the texts, or nil for ``epochs(for:)``.
    public var epochs: Int?
    /// The learning rate at the start, which falls to 0.
    public var learningRate = 0.05
    /// Vectors of words to start from, or nil for random ones.
    ///
    /// Their number of dimensions replaces ``width``.
    public var vectors: PretrainedVectors?
    /// Whether vectors that the training starts from stay as they are, and n-grams without one are left out.
    public var isFrozen = false
    /// The most n-grams that have vectors, or nil for all.
    ///
    /// A first training finds those that matter most, and a second one learns only these.
    public var limit: Int?
    /// Chooses the first vectors and the order of the texts.
    public var seed: UInt64 = 1

    /// The number of passes over some texts: 5, or more for few texts, because each one changes the vectors only a little.
    ///
    /// - Parameter count: The number of texts.
    /// - Returns: ``epochs`` if there is such a number, otherwise 5 to 100.
    public func epochs(for count: Int) -> Int {
        epochs ?? min(100, max(5, 100_000 / max(1, count)))
    }

    /// Creates the recipe that we know to be the best for tweets.
    ///
    /// - Parameters:
    ///   - pipeline: The steps that change a text before it is split.
    ///   - blocks: The n-grams that have vectors, or nil for runs of one to three words.
    public init(_ pipeline: TextPipeline, _ blocks: [NgramBlock]? = nil) {
        features = Vectorizer.Options(pipeline, blocks: blocks ?? [NgramBlock(.token, 1...3)])
    }

    /// Trains a model.
    ///
    /// - Parameters:
    ///   - vectorizer: What has counted the features.
    ///   - counts: The counts of each text.
    ///   - labels: The class of each text, from 0.
    ///   - classes: The number of classes, at least 2. Each class has a text.
    ///   - soft: The probability of each class that a teacher gives each text, (texts, classes), or nil.
    /// - Returns: The model, which is the same on any number of cores.
    public func train(
        _ vectorizer: Vectorizer, _ counts: SparseMatrix, _ labels: [Int], classes: Int, soft: [Double]? = nil
    ) -> TrainedAverage {
        var (vectorizer, counts) = (vectorizer, counts)
        var selection: [Int]?
        func keep(_ columns: [Int]) {
            guard columns.count < counts.columnCount else { return }
            selection = selection.map { selection in columns.map { selection[$0] } } ?? columns
            vectorizer = Vectorizer(vectorizer, keeping: columns)
            counts = counts.columns(at: columns)
        }
        if isFrozen {
            keep((0..<counts.columnCount).filter { vectors?.range(of: vectorizer.hash(of: $0)) != nil })
        }
        func fit() -> TrainedAverage {
            var trained = TrainedAverage(
                vectorizer, selection: selection, startingRows(vectorizer), width: vectors?.width ?? width)
            if isFrozen {
                trained.fitLayer(counts, labels, classes: classes, soft: soft)
            } else {
                AverageTrainer(self, counts, labels, classes: classes, soft: soft).train(&trained)
            }
            return trained
        }
        let trained = fit()
        guard let limit, limit < counts.columnCount else { return trained }
        let importance = trained.importance
        let best = importance.indices.sorted { (importance[$0], $1) > (importance[$1], $0) }.prefix(max(1, limit))
        keep(best.sorted())
        return fit()
    }

    /// The vectors at the start, (columns, width).
    private func startingRows(_ vectorizer: Vectorizer) -> [Float] {
        let width = vectors?.width ?? width
        var random = SplitMix64(seed: seed)
        var rows = [Float](repeating: 0, count: vectorizer.columnCount * width)
        // The learning rates that we know fit vectors whose length is about 1.
        let factor = vectors.map { $0.unitFactor } ?? 1
        for column in 0..<vectorizer.columnCount {
            if let vectors, let range = vectors.range(of: vectorizer.hash(of: column)) {
                for (index, value) in vectors.values[range].enumerated() {
                    rows[column * width + index] = value * factor
                }
            } else {
                for index in column * width..<(column + 1) * width {
                    rows[index] = (Float(random.next() >> 40) * 0x1p-23 - 1) / Float(width)
                }
            }
        }
        return rows
    }
}

extension Vectorizer {
    /// The hash of the n-gram of a column, or 0 if it is not in the first block.
    fileprivate func hash(of column: Int) -> UInt64 {
        vocabularies[0].hashes.indices.contains(column) ? vocabularies[0].hashes[column] : 0
    }
}
