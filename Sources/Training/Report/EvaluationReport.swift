/// A page about the quality of a model, for a person to read.
public struct EvaluationReport: Sendable {
    /// A line about the model or the run, such as its file size.
    public struct Fact: Sendable {
        /// What it is.
        public var name: String
        /// The value as text.
        public var value: String

        /// Creates a fact.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Another model that answered the same examples.
    public struct OtherModel: Sendable {
        /// The name of the other model.
        public var name: String
        /// The measures of the other model.
        public var evaluation: Evaluation
        /// The comparison, in which the other model is the first one.
        public var comparison: Comparison

        /// Names another model.
        public init(name: String, evaluation: Evaluation, comparison: Comparison) {
            self.name = name
            self.evaluation = evaluation
            self.comparison = comparison
        }
    }

    /// The name of the model.
    public var model: String
    /// The name of the data.
    public var data: String
    /// The measures.
    public var evaluation: Evaluation
    /// Lines about the model and the run.
    public var facts: [Fact]
    /// Another model to compare with.
    public var other: OtherModel?
    /// How the quality grows with the training examples.
    public var learningCurve: LearningCurve?
    /// How the loss fell during the training.
    public var trainingCurve: TrainingCurve?

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - model: The name of the model.
    ///   - data: The name of the data.
    ///   - evaluation: The measures.
    ///   - facts: Lines about the model and the run, such as file size and latency.
    ///   - other: Another model to compare with, or nil.
    ///   - learningCurve: How the quality grows with the training examples, or nil.
    public init(
        model: String, data: String, evaluation: Evaluation, facts: [Fact] = [], other: OtherModel? = nil,
        learningCurve: LearningCurve? = nil
    ) {
        self.model = model
        self.data = data
        self.evaluation = evaluation
        self.facts = facts
        self.other = other
        self.learningCurve = learningCurve
    }

    /// The report as one HTML file.
    public var html: String {
        let parts = [
            header, figures, comparison, curves, labels,
            slices(evaluation.categories, "Categories", Self.aboutCategories),
            slices(evaluation.slices, "Where it is strong and weak", Self.aboutSlices), growth, training,
            disagreements, mistakes,
            definitions,
        ]
        let title = other.map { "\(model) and \($0.name)" } ?? model
        return HTMLPage(title: "\(title): evaluation", body: parts.compactMap { $0 }.joined(separator: "\n")).markup
    }

    /// Returns a part of the page with a heading, one or two sentences about it, and its content.
    func section(_ title: String, _ intro: String, _ content: String) -> String {
        "<section>\n<h2>\(title)</h2>\n<p class=\"intro\">\(intro)</p>\n\(content)\n</section>"
    }

    private static let aboutCategories = "The categories are those that the data names."
    private static let aboutSlices =
        "The share of right answers on parts of the data. The band is the interval of 95 %; the upright line is the share on "
        + "all the data. With this many parts, one band in twenty misses the line by chance."
}
