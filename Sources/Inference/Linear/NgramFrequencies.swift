import ModelFile

/// The inverse document frequencies of the features of a table, in the mapped file.
struct NgramFrequencies {
    private let frequencies: Tensor
    private let smallest: Float
    private let step: Float

    init(_ file: ModelFile, _ schema: LinearModelSchema, block: Int) throws(ModelFileError) {
        frequencies = try file.tensor(schema.frequency(block))
        let range = try file.tensor(schema.frequencyRange(block)).elements(as: Float.self)
        (smallest, step) = (range[0], range[1])
    }

    /// The frequencies, as long as the file exists.
    var lookup: Lookup {
        Lookup(steps: UnsafeRawBufferPointer(frequencies.elements(as: Int8.self)), smallest: smallest, step: step)
    }

    /// The frequencies of a table, for many features.
    struct Lookup {
        fileprivate let steps: UnsafeRawBufferPointer
        fileprivate let smallest: Float
        fileprivate let step: Float

        /// The frequency of a feature.
        @inline(__always)
        func callAsFunction(_ feature: Int) -> Float { smallest + step * Float(steps[feature]) }
    }
}
