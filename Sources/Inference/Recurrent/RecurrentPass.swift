import CKernels
import ModelFile

/// The pass of some texts through all layers of a recurrent model.
///
/// The answer to a text has the same bits whatever the other texts are, because every sum belongs to one text.
struct RecurrentPass {
    let model: RecurrentClassifier
    let order: StepOrder
    let buffers: RecurrentBuffers

    private var sizes: RecurrentSizes { model.schema.sizes }
    private var units: Int { sizes.units }

    /// Computes the pooled vectors of all texts, which are then in `buffers.pooled`.
    func run() {
        buffers.pooled.start.update(repeating: 0, count: order.texts.count * buffers.pooled.stride)
        for (layer, cells) in model.cells.enumerated() {
            let isLast = layer == model.cells.count - 1
            for (direction, cell) in cells.enumerated() {
                multiplyInput(cell, layer, direction)
                makeSteps(cell)
                if isLast { pool(direction) } else { keep(direction) }
            }
            buffers.swapLayers()
        }
    }

    /// The sums of the gates that the inputs make, for all words in the order of a direction.
    private func multiplyInput(_ cell: Cell, _ layer: Int, _ direction: Int) {
        var places = Array(0..<order.rows)
        if direction == 1 { order.forEachMirror { places[$0] = $1 } }
        let ordered = buffers.ordered
        if layer == 0 {
            model.vectors.copy(order.ids, to: places, ordered, buffers.quantized)
        } else {
            for (row, place) in places.enumerated() {
                ordered.from(row: place).start.update(
                    from: buffers.input.from(row: row).start, count: cell.input.inputs)
            }
            if cell.input.isQuantized {
                buffers.quantized.quantize(ordered, rows: 0..<order.rows, width: cell.input.inputs, buffers.kernels)
            }
        }
        cell.input.multiply(
            ordered, buffers.quantized, rows: order.rows, bias: cell.bias.address(of: Float.self), into: buffers.sums,
            buffers.kernels)
    }

    /// The outputs of a cell for all words, one position of all texts after the other.
    private func makeSteps(_ cell: Cell) {
        buffers.state.update(repeating: 0, count: order.texts.count * units)
        for step in 0..<order.steps {
            let (first, count) = (order.starts[step], order.count(step))
            if step > 0 {
                let before = Matrix(start: buffers.outputs + order.starts[step - 1] * units, stride: units)
                if cell.recurrent.isQuantized {
                    buffers.quantizedStep.quantize(before, rows: 0..<count, width: units, buffers.kernels)
                }
                cell.recurrent.multiply(
                    before, buffers.quantizedStep, rows: count, bias: buffers.zeros, into: buffers.stepSums,
                    buffers.kernels)
            }
            buffers.kernels.pointee.lstm(
                buffers.outputs + first * units, buffers.state, buffers.sums.from(row: first).start,
                step > 0 ? UnsafePointer(buffers.stepSums.start) : nil, buffers.sums.stride, count, units)
        }
    }

    /// Writes the outputs of a direction where the next layer reads them.
    private func keep(_ direction: Int) {
        let (to, column) = (buffers.output, direction * units)
        func copy(_ row: Int, _ place: Int) {
            (to.from(row: place).start + column).update(from: buffers.outputs + row * units, count: units)
        }
        if direction == 1 {
            order.forEachMirror(copy)
        } else {
            for row in 0..<order.rows { copy(row, row) }
        }
    }

    /// Makes one vector of the outputs of a direction for each text.
    ///
    /// A text without words has a vector of zeros.
    private func pool(_ direction: Int) {
        for (place, length) in order.lengths.enumerated() where length > 0 {
            let to = buffers.pooled.from(row: place).start + direction * units
            func output(_ step: Int) -> UnsafeMutablePointer<Float> {
                buffers.outputs + (order.starts[step] + place) * units
            }
            switch sizes.pooling {
            case .last: to.update(from: output(length - 1), count: units)
            case .end: to.update(from: output(direction == 0 ? length - 1 : 0), count: units)
            case .max:
                to.update(from: output(0), count: units)
                for step in 1..<length {
                    let from = output(step)
                    for unit in 0..<units { to[unit] = from[unit] > to[unit] ? from[unit] : to[unit] }
                }
            case .mean:
                // A sum in the order of the text has the same bits in training and serving.
                for step in 0..<length {
                    let from = output(direction == 0 ? step : length - 1 - step)
                    for unit in 0..<units { to[unit] += from[unit] }
                }
                let share = 1 / Float(length)
                for unit in 0..<units { to[unit] *= share }
            }
        }
    }
}
