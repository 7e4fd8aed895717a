public import Text

/// How a linear model is made from labelled texts: its features, its loss and their settings.
public struct LinearRecipe: Sendable {
    /// The kind of model.
    public enum Approach: String, Sendable, CaseIterable {
        /// Logistic regression.
        case logistic
        /// A linear support vector machine.
        case svm
        /// Naive Bayes.
        case bayes
        /// The mean of a logistic regression and of one whose features are weighted as naive Bayes weights them.
        case ensemble
    }

    /// The n-grams that are features.
    public enum Features: String, Sendable, CaseIterable {
        /// Runs of one to three words.
        case word
        /// Runs of two to five characters within a word.
        case char
        /// Both.
        case wordAndChar = "word+char"

        /// The blocks of n-grams.
        public var blocks: [NgramBlock] {
            switch self {
            case .word: [NgramBlock(.token, 1...3)]
            case .char: [NgramBlock(.character, 2...5)]
            case .wordAndChar: [NgramBlock(.token, 1...3), NgramBlock(.character, 2...5)]
            }
        }
    }

    /// The kind of model.
    public var approach: Approach
    /// The n-grams that are features.
    public var features: Vectorizer.Options
    /// How counts become numbers.
    public var weighting: Weighting
    /// The weight of the loss against the penalty.
    public var c: Double
    /// The loss of a support vector machine.
    ///
    /// With the hinge loss, mistakes cost less, so a new value also sets the ``c`` that is best for it.
    public var marginLoss = MarginLoss.squaredHinge {
        didSet { if approach == .svm { c = Self.c(marginLoss) } }
    }
    /// The share of the absolute values of the weights in the penalty of logistic regression, from 0 to 1.
    ///
    /// A share above 0 leaves n-grams out of the model: those whose weights are zero.
    public var l1Ratio = 0.0
    /// The solver of logistic regression if ``l1Ratio`` is 0.
    public var solver = LinearTrainer.Solver.lbfgs
    /// The weight of the classes.
    public var classWeight = LinearTrainer.ClassWeight.none
    /// The kind of naive Bayes.
    public var bayes = NaiveBayes.Kind.complement

    /// Creates the recipe that we know to be the best for tweets.
    ///
    /// - Parameters:
    ///   - approach: The kind of model.
    ///   - features: The n-grams that are features.
    ///   - pipeline: The steps that change a text before it is split.
    public init(_ approach: Approach, _ features: Features = .wordAndChar, _ pipeline: TextPipeline) {
        self.approach = approach
        self.features = Vectorizer.Options(pipeline, blocks: features.blocks)
        weighting = approach == .bayes ? .binary : .tfidf
        switch approach {
        case .logistic, .ensemble: c = features == .word ? 3 : 2
        case .svm: c = Self.c(.squaredHinge)
        case .bayes: c = 1
        }
    }

    private static func c(_ loss: MarginLoss) -> Double { loss == .hinge ? 0.5 : 0.1 }

    /// The weight of the loss of the part of an ensemble that naive Bayes weights, as a share of ``c``.
    private static let weightedShare = 0.1

    /// Trains a model.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - labels: The class of each text, from 0.
    ///   - classes: The number of classes, at least 2. Each class has a text.
    ///   - soft: The probability of each class that a teacher gives each text, (texts, classes), or nil. Support vector
    ///     machines and naive Bayes learn only the labels.
    /// - Returns: The model and its features.
    public func train(
        _ texts: [String], _ labels: [Int], classes: Int, soft: [Double]? = nil
    ) -> TrainedLinearModel {
        let vectorizer = Vectorizer(fitting: texts, features)
        return train(vectorizer, vectorizer.counts(of: texts), labels, classes: classes, soft: soft)
    }

    /// Trains a model on counts, which several recipes can share.
    ///
    /// - Parameters:
    ///   - vectorizer: What has counted the features.
    ///   - counts: The counts of each text.
    ///   - labels: The class of each text, from 0.
    ///   - classes: The number of classes, at least 2. Each class has a text.
    ///   - soft: The probability of each class that a teacher gives each text, (texts, classes), or nil.
    /// - Returns: The model and its features.
    public func train(
        _ vectorizer: Vectorizer, _ counts: consuming SparseMatrix, _ labels: [Int], classes: Int,
        soft: [Double]? = nil
    ) -> TrainedLinearModel {
        var trained = TrainedLinearModel(vectorizer)
        func fit(
            _ loss: LinearTrainer.Loss, _ c: Double, _ rows: SparseMatrix, _ labels: [Int], classes: Int,
            soft: [Double]?
        ) -> LinearModel {
            var trainer = LinearTrainer(loss, c: c)
            trainer.classWeight = classWeight
            trainer.solver = solver
            if approach == .logistic { trainer.l1Ratio = l1Ratio }
            let (model, outcome) = trainer.train(
                rows, labels, classes: classes, soft: loss == .logistic ? soft : nil)
            trained.steps += outcome.steps
            trained.isConverged = trained.isConverged && outcome.isConverged
            return model
        }
        switch approach {
        case .bayes:
            let rows = weighting.applied(to: consume counts, of: vectorizer)
            trained.views = [(weighting, NaiveBayes(bayes).train(rows, labels, classes: classes))]
        case .logistic where l1Ratio > 0:
            // The numbers of a text are scaled to the length 1. A feature that is left out changes that length, so the
            // model that is served has to learn from the numbers that it will see.
            var counts = consume counts
            for _ in 0..<Self.mostSelections {
                let rows = weighting.applied(to: counts, of: trained.vectorizer)
                let model = fit(.logistic, c, rows, labels, classes: classes, soft: soft)
                trained.views = [(weighting, model)]
                let others = trained.vectorizer.ngramColumnCount..<counts.columnCount
                let kept = model.usedColumns.filter { $0 < others.lowerBound } + others
                if kept.count == counts.columnCount || kept.isEmpty { break }
                trained.select(kept)
                counts = counts.columns(at: kept)
            }
        case .logistic, .svm:
            let rows = weighting.applied(to: consume counts, of: vectorizer)
            let loss = approach == .svm ? LinearTrainer.Loss.svm(marginLoss) : .logistic
            trained.views = [(weighting, fit(loss, c, rows, labels, classes: classes, soft: soft))]
        case .ensemble:
            let rows = weighting.applied(to: copy counts, of: vectorizer)
            trained.views = [(weighting, fit(.logistic, c, rows, labels, classes: classes, soft: soft))]
            // Only what is 0 or 1 has a ratio that naive Bayes knows.
            let ngrams = counts.columns(before: vectorizer.ngramColumnCount)
            let binary = Weighting.binary.applied(to: consume ngrams, of: vectorizer)
            let ratios = LogCountRatios(binary, labels, classes: classes)
            let weighted = ratios.train(binary, labels, soft: soft) {
                fit(.logistic, c * Self.weightedShare, $0, $1, classes: 2, soft: $2)
            }
            trained.views.append((.binary, weighted))
            trained.average()
        }
        return trained
    }
    /// The most times that a model is trained without the features that had no weight.
    private static let mostSelections = 5
}
