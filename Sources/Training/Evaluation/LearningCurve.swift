/// How the quality of a model grows with the number of training examples.
public struct LearningCurve: Codable, Equatable, Sendable {
    /// A model that was trained on some of the examples.
    public struct Point: Codable, Equatable, Sendable {
        /// The number of training examples.
        public var examples: Int
        /// The measure on data that the model was not trained on.
        public var validation: Double
        /// The interval of `validation`.
        public var interval: Interval?
        /// The measure on the training data.
        public var training: Double?

        /// Creates a point.
        public init(examples: Int, validation: Double, interval: Interval? = nil, training: Double? = nil) {
            self.examples = examples
            self.validation = validation
            self.interval = interval
            self.training = training
        }
    }

    /// The measure.
    public var metric: Metric
    /// The points, from few to many examples.
    public var points: [Point]

    /// Creates a learning curve.
    public init(metric: Metric, points: [Point]) {
        self.metric = metric
        self.points = points.sorted { $0.examples < $1.examples }
    }
}
