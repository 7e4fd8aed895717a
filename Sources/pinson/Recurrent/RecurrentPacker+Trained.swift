import ModelFile
import Packaging
import Text
import Training

extension RecurrentPacker {
    /// The weights of a trained network.
    ///
    /// - Parameters:
    ///   - shape: The sizes.
    ///   - parameters: All parameters, in the order of `RecurrentLayout`.
    ///   - vocabulary: The words.
    init(_ shape: RecurrentShape, _ parameters: [Float], _ vocabulary: WordVocabulary) {
        let (layout, gates) = (RecurrentLayout(shape), 4 * shape.units)
        func part(_ offset: Int, _ count: Int) -> [Float] { Array(parameters[offset..<offset + count]) }
        let pooling: RecurrentSizes.Pooling =
            switch shape.pooling {
            case .max: .max
            case .mean: .mean
            case .last: .last
            }
        let outputs = shape.directions * shape.units
        var reading = RecurrentReading()
        reading.words = vocabulary.block.unit.rawValue
        self.init(
            reading,
            RecurrentSizes(
                units: shape.units, layers: shape.layers, directions: shape.directions, pooling: pooling),
            hashes: vocabulary.hashes, vectors: part(0, shape.rows * shape.width),
            cells: layout.cells.enumerated().map { layer, cells in
                cells.map { cell in
                    Cell(
                        input: part(cell.input, gates * (layer == 0 ? shape.width : outputs)),
                        recurrent: part(cell.recurrent, gates * shape.units), bias: part(cell.bias, gates))
                }
            },
            dense: [
                Dense(
                    weight: part(layout.head, shape.labels * outputs), bias: part(layout.headBias, shape.labels))
            ])
    }
}
