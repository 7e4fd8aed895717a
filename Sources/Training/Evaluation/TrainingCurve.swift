/// How the loss of a model fell during its training.
public struct TrainingCurve: Equatable, Sendable {
    /// The loss on texts that are not learned.
    public struct Point: Equatable, Sendable {
        /// The number of steps until then.
        public var step: Int
        /// The mean loss.
        public var loss: Double

        /// Creates a point.
        public init(step: Int, loss: Double) { (self.step, self.loss) = (step, loss) }
    }

    /// The loss of each step.
    public var losses: [Double]
    /// The loss on new texts after each epoch.
    public var validation: [Point]

    /// Creates a curve.
    public init(losses: [Double], validation: [Point]) { (self.losses, self.validation) = (losses, validation) }

    /// The mean losses of parts of the training, each at its last step.
    ///
    /// - Parameter parts: The most parts.
    /// - Returns: The points, in the order of their steps.
    func means(_ parts: Int) -> [Point] {
        let parts = min(parts, losses.count)
        return (0..<parts).map { part in
            let range = losses.count * part / parts..<losses.count * (part + 1) / parts
            return Point(step: range.upperBound, loss: losses[range].reduce(0, +) / Double(range.count))
        }
    }
}
