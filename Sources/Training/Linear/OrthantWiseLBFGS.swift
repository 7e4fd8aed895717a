/// Minimizes a smooth function plus a multiple of the sum of the absolute values of some coordinates.
///
/// Each step stays in one orthant, where that sum is smooth, too. A coordinate that would change its sign becomes zero.
///
/// - Source: Andrew and Gao 2007, "Scalable training of L1-regularized log-linear models".
struct OrthantWiseLBFGS: Sendable {
    /// The settings, which mean the same as for a smooth function.
    var settings: LBFGS
    /// The factor of the absolute values.
    var factor: Double
    /// The coordinates whose absolute values are added.
    var penalized: Range<Int>

    /// The share of the expected decrease that a step has to bring.
    private static let decrease = 1e-4
    private static let mostHalvings = 50
    /// The share of a value that may be due to rounding.
    private static let rounding = 1e-15

    /// Minimizes a function.
    ///
    /// - Parameters:
    ///   - start: The position where the search begins.
    ///   - function: Computes the value of the smooth part at a position, and writes its gradient.
    /// - Returns: The outcome, whose value is that of the sum.
    func minimize(
        from start: [Double], _ function: (_ position: [Double], _ gradient: inout [Double]) -> Double
    ) -> LBFGS.Outcome {
        var gradient = [Double](repeating: 0, count: start.count)
        let value = function(start, &gradient)
        var point = LineSearch.Point(position: start, value: value + penalty(start), gradient: gradient)
        var slopes = slopes(at: point)
        var pairs: [LBFGS.Pair] = []
        var steps = 0
        while steps < settings.maximumSteps, Vector.largest(slopes) > settings.tolerance {
            var direction = settings.downhill(slopes, pairs)
            for index in direction.indices where Double(direction[index]) * slopes[index] >= 0 { direction[index] = 0 }
            if Vector.dot(direction, slopes) >= 0 {
                pairs.removeAll()
                direction = slopes.map { -Float($0) }
            }
            let first = pairs.isEmpty ? min(1, 1 / Vector.dot(direction, direction).squareRoot()) : 1
            guard let next = search(from: point, slopes, direction, first: first, function) else {
                guard !pairs.isEmpty else { break }
                pairs.removeAll()
                continue
            }
            settings.remember(from: point, to: next, in: &pairs)
            point = next
            slopes = self.slopes(at: point)
            steps += 1
        }
        return LBFGS.Outcome(
            position: point.position, value: point.value, steps: steps,
            isConverged: Vector.largest(slopes) <= settings.tolerance)
    }

    private func penalty(_ position: [Double]) -> Double {
        factor * position[penalized].reduce(0) { $0 + abs($1) }
    }

    /// The derivatives in the direction in which the sum falls, or zero where it falls in neither.
    private func slopes(at point: LineSearch.Point) -> [Double] {
        var slopes = point.gradient
        for index in penalized {
            let (value, slope) = (point.position[index], slopes[index])
            if value != 0 {
                slopes[index] += value > 0 ? factor : -factor
            } else {
                slopes[index] = slope > factor ? slope - factor : slope < -factor ? slope + factor : 0
            }
        }
        return slopes
    }

    /// Looks along a direction within the orthant, with shorter and shorter steps.
    private func search(
        from start: LineSearch.Point, _ slopes: [Double], _ direction: [Float], first: Double,
        _ function: ([Double], inout [Double]) -> Double
    ) -> LineSearch.Point? {
        var point = start
        var length = first
        for _ in 0..<Self.mostHalvings {
            point.position = start.position
            Vector.add(length, direction, to: &point.position)
            var change = 0.0
            for index in penalized {
                let sign = start.position[index] != 0 ? start.position[index] : -slopes[index]
                if point.position[index] * sign <= 0 { point.position[index] = 0 }
            }
            for index in slopes.indices { change += slopes[index] * (point.position[index] - start.position[index]) }
            point.value = function(point.position, &point.gradient) + penalty(point.position)
            if point.value < start.value, point.value <= start.value + Self.decrease * change { return point }
            // Close to the minimum, values differ by less than they are rounded, and only the slopes tell them apart.
            if point.value <= start.value + Self.rounding * abs(start.value),
                Vector.largest(self.slopes(at: point)) < Vector.largest(slopes)
            {
                return point
            }
            length /= 2
        }
        return nil
    }
}
