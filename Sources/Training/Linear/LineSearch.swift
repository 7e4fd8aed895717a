/// Looks along a direction for a point that fulfils the strong Wolfe conditions.
///
/// - Source: Nocedal and Wright 2006, "Numerical Optimization", algorithms 3.5 and 3.6.
struct LineSearch {
    /// A position, with the value and the gradient of the function there.
    struct Point {
        var position: [Double]
        var value: Double
        var gradient: [Double]
    }

    /// A point on the line.
    private struct Sample {
        var length: Double
        var value: Double
        var slope: Double
    }

    private static let decrease = 1e-4
    private static let flatness = 0.9
    private static let mostPoints = 40

    private let start: Point
    private let direction: [Float]
    private let slope: Double

    /// Creates a search.
    ///
    /// - Parameters:
    ///   - start: The point where the line begins.
    ///   - direction: A direction in which the function falls.
    init(_ start: Point, _ direction: [Float]) {
        self.start = start
        self.direction = direction
        slope = Vector.dot(direction, start.gradient)
    }

    /// Looks for a point.
    ///
    /// - Parameters:
    ///   - first: The length to try first.
    ///   - function: Computes the value at a position, and writes the gradient.
    /// - Returns: A point that fulfils the conditions, otherwise the lowest point that was found, or nil if no point is
    ///   lower than the start.
    func search(first: Double, _ function: ([Double], inout [Double]) -> Double) -> Point? {
        var low = Sample(length: 0, value: start.value, slope: slope)
        var high: Sample?
        var lowest: Point?
        var length = first
        for _ in 0..<Self.mostPoints {
            var point = start
            Vector.add(length, direction, to: &point.position)
            point.value = function(point.position, &point.gradient)
            let sample = Sample(
                length: length, value: point.value, slope: Vector.dot(direction, point.gradient))
            if point.value < lowest?.value ?? start.value { lowest = point }
            let isTooHigh = sample.value > start.value + Self.decrease * length * slope
            if isTooHigh || (low.length > 0 || high != nil) && sample.value >= low.value {
                high = sample
            } else {
                if abs(sample.slope) <= -Self.flatness * slope { return point }
                if sample.slope * ((high?.length ?? .infinity) - low.length) >= 0 { high = low }
                low = sample
            }
            guard let end = high else {
                length *= 2
                continue
            }
            guard abs(end.length - low.length) > 1e-15 * low.length else { break }
            length = between(low, end)
        }
        return lowest
    }

    /// A length between two samples: where a parabola through both values and the lower slope is lowest, but not too
    /// close to either end.
    private func between(_ low: Sample, _ high: Sample) -> Double {
        let distance = high.length - low.length
        let bend = high.value - low.value - low.slope * distance
        let fraction = bend > 0 ? -low.slope * distance / (2 * bend) : 0.5
        return low.length + min(max(fraction, 0.1), 0.9) * distance
    }
}
