import CTraining

/// The matrices of all layers in the form that products read, for both directions.
final class PackedWeights: @unchecked Sendable {
    /// The matrices of a layer: queries, keys and values together, then the output, up and down.
    private(set) var layers: [[PackedMatrix]] = []
    private let memory: Storage<UInt32>
    private let arithmetic: Arithmetic

    init(_ shape: EncoderShape, _ layout: ParameterLayout, _ arithmetic: Arithmetic) {
        self.arithmetic = arithmetic
        let (width, inner) = (shape.width, shape.inner)
        let sizes = [(3 * width, width), (width, width), (inner, width), (width, inner)]
        func words(_ outputs: Int, _ inputs: Int) -> Int {
            arithmetic.columnWords(inputs, outputs) + arithmetic.columnWords(outputs, inputs)
        }
        memory = Storage(shape.layers * sizes.reduce(0) { $0 + words($1.0, $1.1) }, repeating: 0)
        var next = memory.start
        for layer in layout.layers {
            let offsets = [layer.query, layer.output, layer.up, layer.down]
            layers.append(
                zip(offsets, sizes).map { offset, size in
                    let (outputs, inputs) = size
                    defer { next += words(outputs, inputs) }
                    return PackedMatrix(
                        offset: offset, outputs: outputs, inputs: inputs, forward: next,
                        backward: next + arithmetic.columnWords(inputs, outputs))
                })
        }
    }

    /// Packs the weights again, after they have changed.
    ///
    /// - Parameters:
    ///   - parameters: All parameters.
    ///   - firstBackward: The first layer that needs the form for the backward pass.
    func update(_ parameters: Floats, firstBackward: Int) {
        let kernels = arithmetic.kernels
        let tasks = layers.enumerated().flatMap { layer, matrices in
            matrices.flatMap { layer >= firstBackward ? [($0, false), ($0, true)] : [($0, false)] }
        }
        arithmetic.perform(tasks.count) { index, _ in
            let (matrix, isBackward) = tasks[index]
            if isBackward {
                matrix.packBackward(parameters, kernels)
            } else {
                matrix.packForward(parameters, kernels)
            }
        }
    }
}
