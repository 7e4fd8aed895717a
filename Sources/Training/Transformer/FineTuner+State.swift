extension FineTuner {
    /// Everything that a training needs to go on with the same bits.
    public struct State: Sendable, Equatable {
        /// The number of steps that were made.
        public var steps: Int
        /// All parameters, in the order of `ParameterLayout`.
        public var parameters: [Float]
        /// The moving averages of the gradients.
        public var first: [Float]
        /// The moving averages of the squares of the gradients.
        public var second: [Float]

        /// Creates a state.
        public init(steps: Int, parameters: [Float], first: [Float], second: [Float]) {
            (self.steps, self.parameters, self.first, self.second) = (steps, parameters, first, second)
        }
    }

    /// The present state.
    public var state: State {
        optimizer.catchUp()
        return State(
            steps: steps, parameters: parameters.elements, first: optimizer.first.elements,
            second: optimizer.second.elements)
    }

    /// Calls `body` with the arrays of the present state, without a copy of them.
    ///
    /// - Parameter body: Reads the arrays, which do not change until it returns.
    /// - Throws: The error that `body` throws.
    public func withState<E: Error>(
        _ body: ([(name: String, values: UnsafeBufferPointer<Float>)]) throws(E) -> Void
    ) throws(E) {
        optimizer.catchUp()
        try body(
            [("parameters", parameters), ("first", optimizer.first), ("second", optimizer.second)].map {
                ($0.0, UnsafeBufferPointer(start: $0.1.start, count: $0.1.count))
            })
    }

    /// All parameters of the present model.
    public var currentParameters: [Float] {
        optimizer.catchUp()
        return parameters.elements
    }

    /// Goes on from a state of the same training.
    ///
    /// - Parameter state: The state, whose arrays have as many elements as the layout.
    public func resume(_ state: State) {
        parameters.set(state.parameters)
        optimizer.first.set(state.first)
        optimizer.second.set(state.second)
        optimizer.resume(after: state.steps)
        repack()
    }

    /// The memory that a training needs, in bytes.
    ///
    /// - Parameters:
    ///   - shape: The sizes of the model.
    ///   - microTokens: The most tokens that pass through the model together.
    ///   - longest: The largest number of tokens of a text.
    ///   - arithmetic: The kernels and threads.
    ///   - keepsBest: Whether a copy of the best parameters is kept.
    /// - Returns: The bytes of parameters, optimizer, packed weights and activations.
    public static func memory(
        _ shape: EncoderShape, microTokens: Int, longest: Int, _ arithmetic: Arithmetic, keepsBest: Bool
    ) -> Int {
        let parameters = ParameterLayout(shape).count
        let matrices = shape.layers * (4 * shape.width * shape.width + 2 * shape.width * shape.inner)
        // A text of the longest kind has the most attention weights for each token.
        let squares = microTokens * shape.heads * ((longest + 15) / 16 * 16)
        let activations = Activations.count(shape, tokens: microTokens * 9 / 8, squares: squares * 9 / 8)
        let words = arithmetic.threads * arithmetic.columnWords(microTokens * 9 / 8, 3 * shape.width + 2 * shape.inner)
        return 4 * (parameters * (keepsBest ? 5 : 4) + activations + words) + 8 * matrices / (arithmetic.isHalf ? 2 : 1)
    }
}
