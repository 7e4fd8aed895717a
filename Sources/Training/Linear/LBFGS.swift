/// Minimizes a smooth function.
///
/// - Source: Nocedal and Wright 2006, "Numerical Optimization", algorithms 7.4 and 7.5.
public struct LBFGS: Sendable {
    /// The number of steps that the approximation of the curvature remembers.
    public var memory = 10
    /// The search ends when no component of the gradient is larger than this.
    public var tolerance = 1e-4
    /// The most steps.
    public var maximumSteps = 1000

    /// Creates a minimizer with its defaults.
    public init() {}

    /// The outcome of a search.
    public struct Outcome: Sendable {
        /// The position with the smallest value.
        public var position: [Double]
        /// The value there.
        public var value: Double
        /// The number of steps.
        public var steps: Int
        /// Whether the gradient became small enough.
        public var isConverged: Bool
    }

    /// A step, the change of the gradient over it, and their product.
    ///
    /// They only decide about the direction of the next step, so the precision of floats is enough for any tolerance.
    typealias Pair = (step: [Float], change: [Float], curvature: Double)

    /// Minimizes a function.
    ///
    /// - Parameters:
    ///   - start: The position where the search begins.
    ///   - function: Computes the value at a position, and writes the gradient.
    /// - Returns: The outcome.
    public func minimize(
        from start: [Double], _ function: (_ position: [Double], _ gradient: inout [Double]) -> Double
    ) -> Outcome {
        var gradient = [Double](repeating: 0, count: start.count)
        let value = function(start, &gradient)
        var point = LineSearch.Point(position: start, value: value, gradient: gradient)
        var pairs: [Pair] = []
        var steps = 0
        while steps < maximumSteps, Vector.largest(point.gradient) > tolerance {
            var direction = downhill(point.gradient, pairs)
            var first = 1.0
            if pairs.isEmpty || Vector.dot(direction, point.gradient) >= 0 {
                pairs.removeAll()
                direction = point.gradient.map { -Float($0) }
                first = min(1, 1 / Vector.dot(direction, direction).squareRoot())
            }
            guard let next = LineSearch(point, direction).search(first: first, function) else { break }
            remember(from: point, to: next, in: &pairs)
            let decrease = point.value - next.value
            point = next
            steps += 1
            if decrease <= 1e-15 * max(abs(point.value), 1) { break }
        }
        return Outcome(
            position: point.position, value: point.value, steps: steps,
            isConverged: Vector.largest(point.gradient) <= tolerance)
    }

    /// Remembers a step, unless the function does not curve upwards along it.
    func remember(from point: LineSearch.Point, to next: LineSearch.Point, in pairs: inout [Pair]) {
        let step = Vector.difference(next.position, point.position)
        let change = Vector.difference(next.gradient, point.gradient)
        let curvature = Vector.dot(step, change)
        guard curvature > 1e-10 * Vector.dot(change, change) else { return }
        if pairs.count == memory { pairs.removeFirst() }
        pairs.append((step, change, curvature))
    }

    /// The direction in which the function falls, by the two-loop recursion.
    ///
    /// Each pass over the direction applies one pair and takes the product with the next one.
    func downhill(_ gradient: [Double], _ pairs: [Pair]) -> [Float] {
        guard let last = pairs.last else { return [] }
        var direction = gradient.map { -Float($0) }
        var factors = [Double](repeating: 0, count: pairs.count)
        var product = Vector.dot(last.step, direction)
        for index in pairs.indices.reversed() {
            factors[index] = product / pairs[index].curvature
            let next = index > 0 ? pairs[index - 1].step : pairs[0].change
            product = Vector.add(-Float(factors[index]), pairs[index].change, to: &direction, thenDot: next)
        }
        let scale = last.curvature / Vector.dot(last.change, last.change)
        Vector.scale(&direction, by: Float(scale))
        product *= scale
        for index in pairs.indices {
            let correction = factors[index] - product / pairs[index].curvature
            let next = index + 1 < pairs.count ? pairs[index + 1].change : last.change
            product = Vector.add(Float(correction), pairs[index].step, to: &direction, thenDot: next)
        }
        return direction
    }
}
