import CTraining

/// The passes of one layer in one direction over some texts, on one thread.
///
/// - Source: Hochreiter and Schmidhuber 1997; the gradients are those of back-propagation through all steps.
struct CellPass {
    let pass: RecurrentPass
    let steps: TextSteps
    let kept: RecurrentActivations
    let layer: Int
    let direction: Int

    private var kernels: training_kernels { pass.arithmetic.kernels }
    private var cell: RecurrentActivations.Direction { kept.layers[layer][direction] }
    private var units: Int { pass.shape.units }

    /// Computes the outputs for all words from `kept.inputs[layer]`, and writes them into `kept.inputs[layer + 1]`.
    func forward() {
        let (input, recurrent) = (pass.weights.inputs[layer][direction], pass.weights.recurrent[layer][direction])
        let (cell, units, gates) = (cell, units, 4 * units)
        guard steps.rows > 0 else { return }
        if direction == 1 { reverse(kept.inputs[layer], into: cell.input, width: input.inputs) }
        kernels.pack_rows(cell.words, cell.input, input.inputs, steps.rows, input.inputs)
        kernels.multiply(
            cell.gates, gates, cell.words, training_left_rows, input.forward,
            pass.parameters + pass.layout.cells[layer][direction].bias, 0, steps.rows, gates, input.inputs)
        for step in 0..<steps.steps {
            let (first, count) = (steps.starts[step], steps.count(step))
            let before = step == 0 ? nil : steps.starts[step - 1] * units
            if let before {
                kernels.pack_rows(cell.words, cell.output + before, units, count, units)
                kernels.multiply(
                    cell.gates + first * gates, gates, cell.words, training_left_rows, recurrent.forward, nil, 1,
                    count, gates, units)
            }
            let row = first * units
            kernels.lstm(
                cell.output + row, cell.state + row, cell.bent + row, cell.gates + first * gates,
                before.map { UnsafePointer(cell.state + $0) }, count, units)
        }
        let (outputs, to) = (pass.shape.outputs, kept.inputs[layer + 1] + direction * units)
        for row in 0..<steps.rows {
            (to + (direction == 0 ? row : steps.mirror[row]) * outputs)
                .update(from: cell.output + row * units, count: units)
        }
    }

    /// Computes the gradients of the sums of all gates from `kept.gradient`, and that of the input if it is needed.
    func backward(needsInput: Bool) {
        let (input, recurrent) = (pass.weights.inputs[layer][direction], pass.weights.recurrent[layer][direction])
        let (cell, units, gates) = (cell, units, 4 * units)
        let (outputs, from) = (pass.shape.outputs, kept.gradient + direction * units)
        for row in 0..<steps.rows {
            (cell.gradient + row * units).update(
                from: from + (direction == 0 ? row : steps.mirror[row]) * outputs, count: units)
        }
        cell.stateGradient.update(repeating: 0, count: steps.texts.count * units)
        for step in (0..<steps.steps).reversed() {
            let (first, count) = (steps.starts[step], steps.count(step))
            let before = step == 0 ? nil : steps.starts[step - 1] * units
            let (row, sums) = (first * units, cell.gates + first * gates)
            kernels.lstm_backward(
                sums, cell.stateGradient, cell.gradient + row, cell.bent + row,
                before.map { UnsafePointer(cell.state + $0) }, count, units)
            guard let before else { continue }
            kernels.pack_rows(cell.words, sums, gates, count, gates)
            kernels.multiply(
                cell.gradient + before, units, cell.words, training_left_rows, recurrent.backward, nil, 1, count,
                units, gates)
        }
        guard needsInput, steps.rows > 0 else { return }
        kernels.pack_rows(cell.words, cell.gates, gates, steps.rows, gates)
        kernels.multiply(
            cell.inputGradient, input.inputs, cell.words, training_left_rows, input.backward, nil, 0, steps.rows,
            input.inputs, gates)
    }

    private func reverse(_ rows: Floats, into result: Floats, width: Int) {
        for row in 0..<steps.rows {
            (result + row * width).update(from: rows + steps.mirror[row] * width, count: width)
        }
    }
}
