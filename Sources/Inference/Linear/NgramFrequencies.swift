import ModelFile

/// The inverse document frequencies of the features of a table, in the mapped file.
struct NgramFrequencies {
    private let frequencies: Tensor
    /// The frequency of step 0 and the size of a step, or nil if the file has the frequencies themselves.
    private let range: (smallest: Float, step: Float)?

    init(_ file: ModelFile, _ schema: LinearModelSchema, block: Int) throws(ModelFileError) {
        frequencies = try file.tensor(schema.frequency(block))
        guard schema.isQuantized else {
            range = nil
            return
        }
        let range = try file.tensor(schema.frequencyRange(block)).elements(as: Float.self)
        self.range = (range[0], range[1])
    }

    /// The frequencies, as long as the file exists.
    var lookup: Lookup { Lookup(bytes: frequencies.bytes, range: range) }

    /// The frequencies of a table, for many features.
    struct Lookup {
        fileprivate let bytes: UnsafeRawBufferPointer
        fileprivate let range: (smallest: Float, step: Float)?

        /// The frequency of a feature.
        @inline(__always)
        func callAsFunction(_ feature: Int) -> Float {
            guard let range else { return bytes.loadUnaligned(fromByteOffset: 4 &* feature, as: Float.self) }
            return range.smallest + range.step * Float(bytes[feature])
        }
    }
}
