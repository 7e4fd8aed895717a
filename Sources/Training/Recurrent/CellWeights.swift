import CTraining

/// The matrices of all cells and of the head in the form that products read, for both directions of the pass.
final class CellWeights: @unchecked Sendable {
    /// The matrices of the inputs and of the units one step before, (layers, directions).
    private(set) var inputs: [[PackedMatrix]] = []
    private(set) var recurrent: [[PackedMatrix]] = []
    private(set) var head: PackedMatrix
    private let arithmetic: Arithmetic
    private var memory: [Storage<UInt32>] = []

    init(_ shape: RecurrentShape, _ layout: RecurrentLayout, _ arithmetic: Arithmetic) {
        self.arithmetic = arithmetic
        var memory: [Storage<UInt32>] = []
        func matrix(_ offset: Int, _ outputs: Int, _ inputs: Int) -> PackedMatrix {
            let forward = Storage<UInt32>(arithmetic.columnWords(inputs, outputs), repeating: 0)
            let backward = Storage<UInt32>(arithmetic.columnWords(outputs, inputs), repeating: 0)
            memory += [forward, backward]
            return PackedMatrix(
                offset: offset, outputs: outputs, inputs: inputs, forward: forward.start, backward: backward.start)
        }
        head = matrix(layout.head, shape.labels, shape.outputs)
        for (layer, cells) in layout.cells.enumerated() {
            inputs.append(cells.map { matrix($0.input, 4 * shape.units, shape.inputs(layer)) })
            recurrent.append(cells.map { matrix($0.recurrent, 4 * shape.units, shape.units) })
        }
        self.memory = memory
    }

    /// Packs the weights again, after they have changed.
    func update(_ parameters: Floats) {
        let (kernels, all) = (arithmetic.kernels, (inputs + recurrent).flatMap(\.self) + [head])
        arithmetic.perform(2 * all.count) { task, _ in
            let matrix = all[task / 2]
            if task % 2 == 0 {
                matrix.packForward(parameters, kernels)
            } else {
                matrix.packBackward(parameters, kernels)
            }
        }
    }
}
