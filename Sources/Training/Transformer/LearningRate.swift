import Foundation

/// The rate of each step: it grows from 0 during the warm-up, and then falls.
public struct LearningRate: Sendable, Equatable {
    /// How the rate falls after the warm-up.
    public enum Decay: String, CaseIterable, Sendable {
        /// In a straight line to 0.
        case linear
        /// Along half a period of the cosine to 0.
        case cosine
        /// It does not fall.
        case constant
    }

    /// The highest rate.
    public var peak: Double
    /// The number of steps of the warm-up.
    public var warmUp: Int
    /// The number of all steps.
    public var total: Int
    /// How the rate falls after the warm-up.
    public var decay: Decay

    /// Creates a schedule.
    public init(peak: Double, warmUp: Int, total: Int, decay: Decay) {
        (self.peak, self.warmUp, self.total, self.decay) = (peak, warmUp, total, decay)
    }

    /// The rate of a step.
    ///
    /// - Parameter step: The number of steps before it.
    /// - Returns: The rate, which is 0 at step 0 if there is a warm-up.
    public func rate(_ step: Int) -> Double {
        guard step >= warmUp else { return peak * Double(step) / Double(warmUp) }
        let progress = Double(step - warmUp) / Double(max(1, total - warmUp))
        switch decay {
        case .linear: return peak * max(0, 1 - progress)
        case .cosine: return peak * max(0, 0.5 * (1 + cos(.pi * progress)))
        case .constant: return peak
        }
    }
}
