import Foundation

/// A classifier over vectors of texts: a linear layer, perhaps with a dense layer before it.
public struct VectorHead: Sendable, Equatable {
    /// The function between the dense layer and the classifier.
    public enum Activation: String, Sendable, CaseIterable {
        /// The hyperbolic tangent.
        case tanh
        /// The larger of a number and 0.
        case relu
    }

    /// The layer before the classifier.
    public struct Dense: Sendable, Equatable {
        /// The function after it.
        public var activation: Activation
        /// The weights, (width, width), outputs first.
        public var weights: [Float]
        /// The bias of each output.
        public var bias: [Float]
    }

    /// The number of values in a vector.
    public let width: Int
    /// The layer before the classifier, or nil.
    public var dense: Dense?
    /// The weights of the classifier, (classes, width).
    public var weights: [Float]
    /// The bias of each class.
    public var bias: [Float]

    /// The number of classes.
    public var classes: Int { bias.count }

    /// The logits of a vector.
    ///
    /// - Parameter vector: The vector, (width).
    /// - Returns: A number for each class.
    public func logits(_ vector: ArraySlice<Float>) -> [Double] {
        guard let dense else { return Self.product(weights, vector, bias) }
        let hidden = Self.product(dense.weights, vector, dense.bias).map {
            Float(dense.activation == .tanh ? tanh($0) : max(0, $0))
        }
        return Self.product(weights, hidden[...], bias)
    }

    private static func product(_ weights: [Float], _ x: ArraySlice<Float>, _ bias: [Float]) -> [Double] {
        bias.enumerated().map { output, bias in
            zip(weights[output * x.count..<(output + 1) * x.count], x).reduce(Double(bias)) {
                $0 + Double($1.0) * Double($1.1)
            }
        }
    }

    /// Multiplies the logits, which makes the scores more or less sure.
    ///
    /// - Parameter factor: A number above 0.
    public mutating func scale(by factor: Double) {
        weights = weights.map { Float(Double($0) * factor) }
        bias = bias.map { Float(Double($0) * factor) }
    }
}
