import ModelFile

/// The weights of a view for each feature and output, in the mapped file.
struct LinearWeights {
    private let weights: Tensor
    /// The factor of the weights of each output, or nil if the file has the weights themselves.
    private let scales: Tensor?

    init(_ file: ModelFile, _ schema: LinearModelSchema, view: Int) throws(ModelFileError) {
        weights = try file.tensor(schema.weight(view))
        scales = schema.isQuantized ? try file.tensor(schema.scale(view)) : nil
    }

    /// The weights, as long as the file exists.
    var lookup: Lookup {
        Lookup(bytes: weights.bytes, scales: scales?.elements(as: Float.self))
    }

    /// The weights of a view, for many features.
    struct Lookup {
        fileprivate let bytes: UnsafeRawBufferPointer
        fileprivate let scales: UnsafeBufferPointer<Float>?

        /// A weight without the factor of its output.
        ///
        /// - Parameter index: The feature times the number of outputs, plus the output.
        /// - Returns: The weight.
        @inline(__always)
        func callAsFunction(_ index: Int) -> Double {
            scales == nil
                ? Double(bytes.loadUnaligned(fromByteOffset: 4 &* index, as: Float.self))
                : Double(Int8(bitPattern: bytes[index]))
        }

        /// The factor of the weights of an output.
        @inline(__always)
        func scale(_ output: Int) -> Double { scales.map { Double($0[output]) } ?? 1 }
    }
}
