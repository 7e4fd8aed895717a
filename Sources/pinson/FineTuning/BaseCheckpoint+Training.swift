import Packaging
import Training

extension BaseCheckpoint {
    /// The sizes of the classifier that is trained.
    ///
    /// - Parameter drops: Whether values are dropped during the training, as config.json says.
    /// - Returns: The shape.
    func shape(drops: Bool) -> EncoderShape {
        EncoderShape(
            architecture: isDistilled ? .distilbert : .bert, vocabulary: vocabulary, positions: positions,
            segments: segments, width: width, inner: inner, layers: layers, heads: heads, labels: labels.count,
            epsilon: epsilon,
            dropout: drops
                ? .init(hidden: dropout.hidden, attention: dropout.attention, head: dropout.head) : .none)
    }

    /// All parameters at the start of a training, in the order of a layout.
    ///
    /// - Parameters:
    ///   - layout: The layout of this checkpoint's shape.
    ///   - seed: Chooses the values of tensors that the base does not have.
    /// - Returns: The parameters.
    /// - Throws: `PackagingError` if a tensor cannot be read.
    func parameters(_ layout: ParameterLayout, seed: UInt64) throws -> [Float] {
        var parameters: [Float] = []
        parameters.reserveCapacity(layout.count)
        for (tensor, place) in zip(tensors, layout.tensors) {
            precondition(tensor.shape == place.shape, "\(tensor.name) is not \(place.name)")
            parameters += try floats(tensor) ?? layout.newValues(place, seed: seed)
        }
        return parameters
    }
}
