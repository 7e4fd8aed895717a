/// Minimizes a smooth convex function whose second derivatives are known.
///
/// Each step minimizes a parabola within the region around the position in which the parabola has proved to be right. It
/// takes far fewer steps than ``LBFGS``, each of which multiplies the rows several times, and remembers no earlier steps.
///
/// - Source: Lin, Weng and Keerthi 2008, "Trust region Newton method for large-scale logistic regression", algorithms 1
///   and 2, with their constants.
struct TrustRegionNewton: Sendable {
    /// When the search ends.
    var settings = LBFGS()

    /// Multiplies a direction by the matrix of second derivatives.
    typealias Curvature = (_ direction: [Double]) -> [Double]

    /// The share of the decrease that the parabola promises, below which a step is not taken.
    private static let leastGain = 1e-4
    /// The shares of the promised decrease below which the region shrinks, and above which it grows.
    private static let (poorGain, goodGain) = (0.25, 0.75)
    /// The smallest and the largest factor of the region, and the factor after a poor step.
    private static let (smallest, half, largest) = (0.25, 0.5, 4.0)
    /// How much smaller than the gradient the rest of a step's equations may be.
    private static let accuracy = 0.1
    /// The most products of one step, which rounding could otherwise prolong for ever.
    private static let mostProducts = 1000

    /// Minimizes a function.
    ///
    /// - Parameters:
    ///   - start: The position where the search begins.
    ///   - function: Computes the value at a position, and writes the gradient.
    ///   - curvature: Returns what multiplies a direction by the matrix of second derivatives at a position.
    /// - Returns: The outcome.
    func minimize(
        from start: [Double], _ function: (_ position: [Double], _ gradient: inout [Double]) -> Double,
        curvature: (_ position: [Double]) -> Curvature
    ) -> LBFGS.Outcome {
        var point = LineSearch.Point(position: start, value: 0, gradient: Array(repeating: 0, count: start.count))
        point.value = function(start, &point.gradient)
        var radius = Vector.dot(point.gradient, point.gradient).squareRoot()
        var steps = 0
        while steps < settings.maximumSteps, Vector.largest(point.gradient) > settings.tolerance {
            let (step, promised) = step(from: point.gradient, within: radius, curvature(point.position))
            var next = point
            Vector.add(1, step, to: &next.position)
            next.value = function(next.position, &next.gradient)
            let decrease = point.value - next.value
            let length = Vector.dot(step, step).squareRoot()
            if steps == 0 { radius = min(radius, length) }
            radius = resized(
                radius, length, gain: decrease / promised, slope: Vector.dot(point.gradient, step), decrease)
            steps += 1
            if decrease > Self.leastGain * promised { point = next }
            if max(abs(decrease), promised) <= 1e-15 * max(abs(point.value), 1) { break }
        }
        return LBFGS.Outcome(
            position: point.position, value: point.value, steps: steps,
            isConverged: Vector.largest(point.gradient) <= settings.tolerance)
    }

    /// The radius of the region after a step.
    private func resized(
        _ radius: Double, _ length: Double, gain: Double, slope: Double, _ decrease: Double
    ) -> Double {
        // The length at which a parabola through both values is lowest, as a share of the step.
        let bend = -decrease - slope
        let share = bend <= 0 ? Self.largest : max(Self.smallest, -0.5 * slope / bend)
        let wanted = share * length
        if gain < Self.leastGain { return min(wanted, Self.half * radius) }
        if gain < Self.poorGain { return max(Self.smallest * radius, min(wanted, Self.half * radius)) }
        if gain < Self.goodGain { return max(Self.smallest * radius, min(wanted, Self.largest * radius)) }
        return max(radius, min(wanted, Self.largest * radius))
    }

    /// The step to the lowest point of the parabola within a region, by conjugate gradients.
    ///
    /// - Returns: The step, and the decrease that the parabola promises.
    private func step(
        from gradient: [Double], within radius: Double, _ curvature: Curvature
    ) -> (step: [Double], promised: Double) {
        var step = [Double](repeating: 0, count: gradient.count)
        var rest = gradient
        Vector.scale(&rest, by: -1)
        var direction = rest
        var squares = Vector.dot(rest, rest)
        let enough = Self.accuracy * squares.squareRoot()
        for _ in 0..<Self.mostProducts where squares.squareRoot() > enough {
            let product = curvature(direction)
            let bend = Vector.dot(direction, product)
            let size = bend > 0 ? squares / bend : .infinity
            let edge = length(from: step, along: direction, to: radius)
            Vector.add(min(size, edge), direction, to: &step)
            Vector.add(-min(size, edge), product, to: &rest)
            if size >= edge { break }
            let next = Vector.dot(rest, rest)
            Vector.scale(&direction, by: next / squares)
            Vector.add(1, rest, to: &direction)
            squares = next
        }
        return (step, (Vector.dot(step, rest) - Vector.dot(gradient, step)) / 2)
    }

    /// How many times `direction` leads from `step` to the edge of the region.
    private func length(from step: [Double], along direction: [Double], to radius: Double) -> Double {
        let (a, b) = (Vector.dot(direction, direction), Vector.dot(step, direction))
        let c = Vector.dot(step, step) - radius * radius
        return c >= 0 ? 0 : (-b + (b * b - a * c).squareRoot()) / a
    }
}
