import ModelFile

/// Turns a lexicon into a model file.
public struct LexiconPacker {
    private let hashes: [UInt64]
    private let valences: [Float]
    private let weights: [Double]
    private let bias: [Double]

    /// Creates a packer.
    ///
    /// - Parameters:
    ///   - hashes: The hash of each word, in ascending order.
    ///   - valences: The valences, (words, outputs).
    ///   - weights: The weights of the compounds, (compounds, outputs).
    ///   - bias: The bias of each output.
    public init(hashes: [UInt64], valences: [Float], weights: [Double], bias: [Double]) {
        (self.hashes, self.valences, self.weights, self.bias) = (hashes, valences, weights, bias)
    }

    /// The keys and tensors of the model.
    ///
    /// - Returns: What is written to a file.
    public func packed() -> PackedFamily {
        let outputs = bias.count
        let schema = LexiconSchema(words: max(1, hashes.count), outputs: outputs)
        let scales = (0..<outputs).map { output -> Float in
            let largest = stride(from: output, to: valences.count, by: outputs).reduce(0) { max($0, abs(valences[$1])) }
            return largest > 0 ? largest / 127 : 1
        }
        let integers = valences.indices.map {
            UInt8(bitPattern: Int8((valences[$0] / scales[$0 % outputs]).rounded()))
        }
        return PackedFamily(
            name: LexiconSchema.family, entries: [],
            tensors: schema.table.newTensors(hashes) + [
                .init(schema.valence) { padded(integers, to: schema.valence.byteCount) },
                .init(schema.scale) { littleEndianBytes(scales) },
                .init(schema.weight) { littleEndianBytes(weights.map(Float.init)) },
                .init(schema.bias) { littleEndianBytes(bias.map(Float.init)) },
            ])
    }
}
