extension FineTuner {
    /// The settings.
    public struct Options: Sendable {
        /// The number of passes over the texts.
        public var epochs = 3
        /// The number of texts of a step.
        public var batch = 32
        /// The most tokens that pass through the model together; a step may need several passes.
        public var microTokens = 2048
        /// The highest learning rate.
        public var rate = 5e-5
        /// The share of steps during which the rate grows.
        public var warmUp = 0.1
        /// How the rate falls after that.
        public var rateDecay = LearningRate.Decay.linear
        /// The weight decay, which leaves out biases and norms.
        public var decay = 0.01
        /// The largest norm of the gradient.
        public var clip = 1.0
        /// The factor of the rate from one layer to the one below it.
        public var layerDecay = 1.0
        /// The depths that are not learned: 1 for the embeddings, and one more for each layer.
        public var frozen = 0
        /// Chooses the order of texts and what is dropped.
        public var seed: UInt64 = 1

        /// Creates the default settings.
        public init() {}
    }

    /// What happened in a step.
    public struct Step: Sendable {
        /// The mean loss of its texts.
        public var loss: Double
        /// The norm of its gradient, before clipping.
        public var norm: Double
        /// The learning rate.
        public var rate: Double
        /// The number of tokens.
        public var tokens: Int
    }
}
