internal import Foundation

/// The values along one side of a plot, with round numbers as marks.
struct Axis {
    /// How values are spread over the axis.
    enum Scale {
        /// Equal differences have equal lengths.
        case linear
        /// Equal ratios have equal lengths.
        case logarithmic
    }

    /// What the axis shows, such as "Recall".
    var title: String
    /// How values are spread.
    private(set) var scale: Scale
    /// The lowest and the highest value.
    private(set) var domain: ClosedRange<Double>
    /// The values with a mark, in rising order.
    private(set) var ticks: [Double]
    /// The number of digits after the point that tells the marks apart.
    private var digits: Int

    /// A linear axis, whose marks are multiples of 1, 2 or 5 times a power of ten.
    ///
    /// - Parameters:
    ///   - title: What the axis shows.
    ///   - range: The values to show.
    ///   - count: About how many spaces lie between the marks.
    ///   - endsAtTicks: Whether the axis grows so that it begins and ends with a mark.
    init(_ title: String, _ range: ClosedRange<Double>, count: Int = 5, endsAtTicks: Bool = false) {
        let range =
            range.upperBound > range.lowerBound ? range : (range.lowerBound - 0.5)...(range.lowerBound + 0.5)
        let step = roundStep((range.upperBound - range.lowerBound) / Double(count))
        // A value that misses a mark by rounding errors alone still has it.
        let slack = 1e-9
        let first = endsAtTicks ? floor(range.lowerBound / step + slack) : ceil(range.lowerBound / step - slack)
        let last = endsAtTicks ? ceil(range.upperBound / step - slack) : floor(range.upperBound / step + slack)
        self.title = title
        scale = .linear
        ticks = stride(from: first, through: last, by: 1).map { $0 * step }
        domain = endsAtTicks ? (first * step)...(last * step) : range
        digits = max(0, Int(-floor(log10(step) + slack)))
    }

    /// A logarithmic axis of positive values, with marks at 1, 2 and 5 times the powers of ten, or only at the powers
    /// if there are many.
    ///
    /// - Parameters:
    ///   - title: What the axis shows.
    ///   - range: The values to show, above 0.
    init(logarithmic title: String, _ range: ClosedRange<Double>) {
        precondition(range.lowerBound > 0)
        let powers = Int(floor(log10(range.lowerBound)))...Int(ceil(log10(range.upperBound)))
        let factors: [Double] = log10(range.upperBound / range.lowerBound) > 2.5 ? [1] : [1, 2, 5]
        self.title = title
        scale = .logarithmic
        domain =
            range.upperBound > range.lowerBound ? range : (range.lowerBound / 2)...(range.lowerBound * 2)
        ticks = powers.flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
            .filter { [domain] in domain.contains($0) }
        digits = 0
    }

    /// Returns the place of a value on the axis: 0 at its start, 1 at its end, and never outside.
    func fraction(of value: Double) -> Double {
        let (low, high) = (domain.lowerBound, domain.upperBound)
        let fraction =
            switch scale {
            case .linear: (value - low) / (high - low)
            case .logarithmic: value > 0 ? log(value / low) / log(high / low) : 0
            }
        return min(max(fraction, 0), 1)
    }

    /// Returns a mark's value as text, with "k" and "M" for thousands and millions.
    func label(of tick: Double) -> String {
        if abs(tick) >= 1_000_000 { return Self.compact(tick / 1_000_000) + "M" }
        if abs(tick) >= 1000 { return Self.compact(tick / 1000) + "k" }
        return Figures.fixed(tick, digits)
    }

    private static func compact(_ value: Double) -> String {
        let text = Figures.fixed(value, 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

/// Returns the smallest of 1, 2 and 5 times a power of ten that is at least `step`, but for rounding errors.
private func roundStep(_ step: Double) -> Double {
    let power = pow(10, floor(log10(step)))
    return (([1, 2, 5].first { $0 * power >= step * (1 - 1e-9) }) ?? 10) * power
}
