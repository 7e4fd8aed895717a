import CTraining

/// The forward and backward passes of a recurrent classifier over the texts of a step.
///
/// A thread takes some texts through one layer in one direction. The division depends on the texts alone, so the results
/// have the same bits on every number of threads.
final class RecurrentPass: @unchecked Sendable {
    /// The most texts that go through the model together.
    static let chunkTexts = 32

    let shape: RecurrentShape
    let layout: RecurrentLayout
    let arithmetic: Arithmetic
    let weights: CellWeights
    /// All parameters, which the optimizer changes.
    let parameters: Floats
    /// The texts that go through the model together, and what their passes keep.
    private(set) var chunks: [(steps: TextSteps, kept: RecurrentActivations)] = []
    private var memory: [RecurrentActivations] = []

    private var kernels: training_kernels { arithmetic.kernels }

    init(_ shape: RecurrentShape, _ layout: RecurrentLayout, _ arithmetic: Arithmetic, parameters: Floats) {
        (self.shape, self.layout, self.arithmetic, self.parameters) = (shape, layout, arithmetic, parameters)
        weights = CellWeights(shape, layout, arithmetic)
    }

    /// Divides texts into chunks of similar length.
    ///
    /// - Parameters:
    ///   - texts: The vectors of the words of all texts.
    ///   - chosen: The numbers of the texts to take.
    func take(_ texts: [[Int32]], _ chosen: [Int]) {
        let order = chosen.sorted { (texts[$1].count, $0) < (texts[$0].count, $1) }
        let parts = stride(from: 0, to: order.count, by: Self.chunkTexts).map { start in
            TextSteps(texts, order[start..<min(start + Self.chunkTexts, order.count)])
        }
        while memory.count < parts.count { memory.append(RecurrentActivations(shape, arithmetic)) }
        chunks = zip(parts, memory).map { ($0, $1) }
        for chunk in chunks { chunk.kept.reserve(chunk.steps) }
    }

    /// Computes the logits of all texts that were taken.
    ///
    /// - Parameter dropout: What is dropped, or nil to drop nothing.
    func forward(_ dropout: RecurrentDropout?) {
        arithmetic.perform(chunks.count) { chunk, _ in
            embed(chunk)
            drop(chunks[chunk].kept.inputs[0], chunk, 0, dropout)
        }
        for layer in 0..<shape.layers {
            performCells(at: layer) { $0.forward() }
            guard layer + 1 < shape.layers else { continue }
            arithmetic.perform(chunks.count) { chunk, _ in
                drop(chunks[chunk].kept.inputs[layer + 1], chunk, layer + 1, dropout)
            }
        }
        arithmetic.perform(chunks.count) { chunk, _ in
            RecurrentHead(self, chunks[chunk].steps, chunks[chunk].kept)
                .forward(dropout?.generator(.head, chunk: chunk))
        }
    }

    /// Computes the gradients of all activations from those of the logits.
    ///
    /// - Parameters:
    ///   - dropout: What was dropped in the forward pass.
    ///   - needsVectors: Whether the gradients of the vectors of words are needed; they are then in `kept.gradient`.
    func backward(_ dropout: RecurrentDropout?, needsVectors: Bool) {
        arithmetic.perform(chunks.count) { chunk, _ in
            RecurrentHead(self, chunks[chunk].steps, chunks[chunk].kept)
                .backward(dropout?.generator(.head, chunk: chunk))
        }
        for layer in (0..<shape.layers).reversed() {
            let needsInput = layer > 0 || needsVectors
            performCells(at: layer) { $0.backward(needsInput: needsInput) }
            guard needsInput else { continue }
            arithmetic.perform(chunks.count) { chunk, _ in
                addDirections(chunk, layer)
                drop(chunks[chunk].kept.gradient, chunk, layer, dropout)
            }
        }
    }

    private func performCells(at layer: Int, _ body: (CellPass) -> Void) {
        arithmetic.perform(chunks.count * shape.directions) { task, _ in
            let (steps, kept) = chunks[task / shape.directions]
            body(CellPass(pass: self, steps: steps, kept: kept, layer: layer, direction: task % shape.directions))
        }
    }

    /// Copies the vectors of all words.
    private func embed(_ chunk: Int) {
        let (steps, kept) = chunks[chunk]
        for (row, id) in steps.ids.enumerated() {
            (kept.inputs[0] + row * shape.width).update(
                from: parameters + Int(id) * shape.width, count: shape.width)
        }
    }

    /// The gradient of the input of a layer: the sum over the directions.
    private func addDirections(_ chunk: Int, _ layer: Int) {
        let ((steps, kept), width) = (chunks[chunk], shape.inputs(layer))
        kept.gradient.update(from: kept.layers[layer][0].inputGradient, count: steps.rows * width)
        guard shape.directions == 2 else { return }
        for row in 0..<steps.rows {
            kernels.add(
                kept.gradient + steps.mirror[row] * width, kept.layers[layer][1].inputGradient + row * width, width)
        }
    }

    /// Drops values of the input of a layer, or of its gradient.
    private func drop(_ values: Floats, _ chunk: Int, _ layer: Int, _ dropout: RecurrentDropout?) {
        guard var generator = dropout?.generator(.input(layer: layer), chunk: chunk) else { return }
        kernels.drop(values, chunks[chunk].steps.rows * shape.inputs(layer), &generator)
    }
}

/// Which values are dropped at each place of the model, by seed, step and chunk of texts alone.
struct RecurrentDropout {
    /// The place where values are dropped.
    enum Site {
        case input(layer: Int)
        case head
    }

    let seed: UInt64
    let step: Int
    let probability: Double

    /// The generator for the texts of a chunk at a place, or nil if nothing is dropped.
    func generator(_ site: Site, chunk: Int) -> training_dropout? {
        guard probability > 0 else { return nil }
        let number: UInt32 =
            switch site {
            case .head: 0
            case .input(let layer): UInt32(layer + 1)
            }
        return training_dropout(
            key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)), text: UInt32(chunk),
            site: number, step: UInt32(step), threshold: UInt32(probability * 0x1p32),
            scale: Float(1 / (1 - probability)))
    }
}
