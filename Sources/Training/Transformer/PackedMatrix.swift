import CTraining

/// A matrix of weights (outputs, inputs) in the form that products read, for both directions of a pass.
struct PackedMatrix: @unchecked Sendable {
    /// The offset of the weights in the array of all parameters.
    var offset: Int
    var outputs: Int
    var inputs: Int
    /// For Y = X Wᵀ.
    var forward: Words
    /// For dX = dY W.
    var backward: Words

    /// Packs the weights for Y = X Wᵀ.
    func packForward(_ parameters: Floats, _ kernels: training_kernels) {
        kernels.pack_transposed(forward, parameters + offset, inputs, inputs, outputs)
    }

    /// Packs the weights for dX = dY W.
    func packBackward(_ parameters: Floats, _ kernels: training_kernels) {
        kernels.pack_columns(backward, parameters + offset, inputs, outputs, inputs)
    }
}
