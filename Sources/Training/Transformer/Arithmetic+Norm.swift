import CTraining

extension Arithmetic {
    /// The norm of the gradients of all tensors together, added tensor by tensor.
    ///
    /// - Parameters:
    ///   - gradients: A gradient for each parameter.
    ///   - tensors: The tensors, of which the one named `tokens` has gradients in some rows only.
    ///   - rows: The rows of `tokens` that have gradients.
    /// - Returns: The square root of the sum of all squares.
    func norm(_ gradients: Storage<Float>, _ tensors: [ParameterLayout.Tensor], rows: [Int32]) -> Double {
        let values = gradients.start
        let sums = Storage<Double>(tensors.count, repeating: 0)
        perform(tensors.count) { index, _ in
            let tensor = tensors[index]
            guard tensor.name == "tokens" else {
                sums.start[index] = kernels.sum_of_squares(values + tensor.offset, tensor.count)
                return
            }
            let width = tensor.shape[1]
            for row in rows {
                sums.start[index] += kernels.sum_of_squares(values + tensor.offset + Int(row) * width, width)
            }
        }
        return sums.elements.reduce(0, +).squareRoot()
    }
}
