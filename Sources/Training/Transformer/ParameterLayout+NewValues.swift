import Foundation

extension ParameterLayout {
    /// Values for a tensor that the base does not have.
    ///
    /// Weights are normally distributed with a standard deviation of 0.02, and biases are 0.
    ///
    /// - Parameters:
    ///   - tensor: The tensor.
    ///   - seed: The same seed gives the same values.
    /// - Returns: The elements.
    /// - Source: Devlin et al. 2018, arXiv:1810.04805, in its implementation.
    public func newValues(_ tensor: Tensor, seed: UInt64) -> [Float] {
        guard tensor.decays else { return Array(repeating: 0, count: tensor.count) }
        var random = SplitMix64(seed: seed &+ UInt64(tensor.offset))
        // Box and Muller 1958: the numbers are in 2^-53...1, so the logarithm exists.
        func uniform() -> Double { Double((random.next() >> 11) + 1) * 0x1p-53 }
        return (0..<tensor.count).map { _ in
            Float(0.02 * (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()))
        }
    }
}
