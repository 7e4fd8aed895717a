import Foundation

/// Where each tensor of a recurrent classifier lies in one array of all parameters.
///
/// The order is: the vectors of words, the cells (layer by layer, forwards before backwards), and the head. The gates of a
/// cell are in the order input, forget, candidate, output.
public struct RecurrentLayout: Sendable, Equatable {
    /// The offsets of the tensors of a layer in one direction.
    public struct Cell: Sendable, Equatable {
        /// The weights of the inputs, (4 · units, inputs).
        public var input = 0
        /// The weights of the units one step before, (4 · units, units).
        public var recurrent = 0
        /// The biases, (4 · units).
        public var bias = 0
    }

    /// The standard deviation of the values of new vectors.
    static let vectorSize: Float = 0.1

    /// All tensors, in the order of their offsets, the vectors of words first.
    public private(set) var tensors: [ParameterLayout.Tensor] = []
    /// The number of all parameters.
    public private(set) var count = 0
    /// The cells, (layers, directions).
    public private(set) var cells: [[Cell]] = []
    /// The weights of the head, (labels, directions · units).
    public private(set) var head = 0
    /// The biases of the head, (labels).
    public private(set) var headBias = 0

    /// Lays out the parameters of a classifier.
    ///
    /// - Parameter shape: The sizes.
    public init(_ shape: RecurrentShape) {
        _ = add("tokens", [shape.rows, shape.width], 0)
        let gates = 4 * shape.units
        for layer in 0..<shape.layers {
            cells.append(
                (0..<shape.directions).map { direction in
                    let name = "layer.\(layer).\(direction == 0 ? "forward" : "backward")"
                    return Cell(
                        input: add("\(name).input.weight", [gates, shape.inputs(layer)], layer + 1),
                        recurrent: add("\(name).recurrent.weight", [gates, shape.units], layer + 1),
                        bias: add("\(name).bias", [gates], layer + 1))
                })
        }
        head = add("head.weight", [shape.labels, shape.outputs], shape.layers + 1)
        headBias = add("head.bias", [shape.labels], shape.layers + 1)
    }

    private mutating func add(_ name: String, _ shape: [Int], _ depth: Int) -> Int {
        let offset = count
        tensors.append(
            .init(name: name, shape: shape, offset: offset, depth: depth, decays: !name.hasSuffix("bias")))
        count += shape.reduce(1, *)
        return offset
    }

    /// New values for all parameters.
    ///
    /// Vectors are normally distributed with a standard deviation of 0.1, weights of inputs uniformly as Glorot and Bengio
    /// have it, and recurrent weights are orthogonal for each gate. The biases of forget gates are 1, and others are 0.
    ///
    /// - Parameter seed: The same seed gives the same values.
    /// - Returns: The parameters.
    /// - Source: Glorot and Bengio 2010; Saxe et al. 2013, arXiv:1312.6120; Gers et al. 2000 for the forget gates.
    public func newValues(seed: UInt64) -> [Float] {
        var random = SplitMix64(seed: seed)
        var values: [Float] = []
        values.reserveCapacity(count)
        for tensor in tensors {
            let units = tensor.shape[0] / 4
            if tensor.name == "tokens" {
                for _ in 0..<tensor.count { values.append(Self.vectorSize * Float(random.normal())) }
            } else if tensor.name.hasSuffix("recurrent.weight") {
                for _ in 0..<4 { values += Self.orthogonal(units, &random) }
            } else if tensor.shape.count == 2 {
                let limit = Float((6 / Double(tensor.shape[0] + tensor.shape[1])).squareRoot())
                for _ in 0..<tensor.count { values.append(limit * (2 * Float(random.uniform()) - 1)) }
            } else {
                let isCell = tensor.name != "head.bias"
                values += (0..<tensor.count).map { isCell && $0 / units == 1 ? 1 : 0 }
            }
        }
        return values
    }

    /// A random matrix whose rows are orthogonal and have the length 1, by the method of Gram and Schmidt.
    private static func orthogonal(_ size: Int, _ random: inout SplitMix64) -> [Float] {
        var rows: [[Double]] = []
        while rows.count < size {
            var row = (0..<size).map { _ in random.normal() }
            // The second time removes what rounding has left.
            for _ in 0..<2 {
                for other in rows {
                    let share = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
                    for index in 0..<size { row[index] -= share * other[index] }
                }
            }
            let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            if length > 1e-6 { rows.append(row.map { $0 / length }) }
        }
        return rows.joined().map(Float.init)
    }
}

extension SplitMix64 {
    /// A number above 0 and at most 1.
    fileprivate mutating func uniform() -> Double { Double((next() >> 11) + 1) * 0x1p-53 }

    /// A number of the normal distribution.
    ///
    /// - Source: Box and Muller 1958.
    fileprivate mutating func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }
}
