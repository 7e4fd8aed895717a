internal import JSON
import ModelFile

extension ExportReader {
    /// Reads the sizes and the weights of a recurrent model.
    ///
    /// - Parameters:
    ///   - reading: How the model reads a text.
    ///   - words: The hash of each word in ascending order, with the position of the word.
    ///   - outputs: The number of outputs of the head.
    /// - Returns: The weights.
    /// - Throws: `PackagingError` if a size is not supported, or an array is missing or has another shape.
    func recurrentPacker(
        _ reading: RecurrentReading, _ words: [(hash: UInt64, word: Int)], outputs: Int
    ) throws(PackagingError) -> RecurrentPacker {
        let sizes = try sizes()
        let width = try integer("width", in: RecurrentSizes.widths)
        let all = try floats("vectors", shape: [RecurrentSchema.firstWord + words.count, width])
        var vectors = Array(all[..<(RecurrentSchema.firstWord * width)])
        for word in words {
            let start = (RecurrentSchema.firstWord + word.word) * width
            vectors += all[start..<start + width]
        }
        var cells: [[RecurrentPacker.Cell]] = []
        for layer in 0..<sizes.layers {
            var directions: [RecurrentPacker.Cell] = []
            for direction in ["forward", "backward"].prefix(sizes.directions) {
                let (name, gates) = ("layer.\(layer).\(direction)", 4 * sizes.units)
                directions.append(
                    .init(
                        input: try floats("\(name).input", shape: [gates, layer == 0 ? width : sizes.outputs]),
                        recurrent: try floats("\(name).recurrent", shape: [gates, sizes.units]),
                        bias: try floats("\(name).bias", shape: [gates])))
            }
            cells.append(directions)
        }
        var (dense, inputs): ([RecurrentPacker.Dense], Int) = ([], sizes.outputs)
        for (index, outputs) in (sizes.hidden.map(\.width) + [outputs]).enumerated() {
            dense.append(
                .init(
                    weight: try floats("dense.\(index).weight", shape: [outputs, inputs]),
                    bias: try floats("dense.\(index).bias", shape: [outputs])))
            inputs = outputs
        }
        return RecurrentPacker(
            reading, sizes, hashes: words.map(\.hash), vectors: vectors, cells: cells, dense: dense)
    }

    private func sizes() throws(PackagingError) -> RecurrentSizes {
        var hidden: [RecurrentSizes.Hidden] = []
        for text in try strings("hidden") {
            guard let layer = RecurrentSizes.Hidden(text), hidden.count < RecurrentSizes.layerCounts.upperBound else {
                throw damaged("has a hidden layer '\(text)', which Pinson does not know")
            }
            hidden.append(layer)
        }
        return RecurrentSizes(
            units: try integer("units", in: RecurrentSizes.widths),
            layers: try integer("layers", in: RecurrentSizes.layerCounts),
            directions: try integer("directions", in: 1...2), pooling: try choice("pooling"), hidden: hidden)
    }

    private func floats(_ name: String, shape: [Int]) throws(PackagingError) -> [Float] {
        try array(name, shape: shape).map(Float.init)
    }
}
