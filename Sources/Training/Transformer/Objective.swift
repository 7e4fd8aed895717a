/// What a training of an encoder makes smaller: a loss over the hidden states of texts.
protocol Objective: AnyObject {
    /// The number of neighbouring texts that belong together, such as 2 for pairs.
    var group: Int { get }

    /// The number by which the losses of the texts of a step are divided.
    func total(of texts: [Int]) -> Double

    /// Computes the loss of a batch after its forward pass, and its gradients.
    ///
    /// - Parameters:
    ///   - texts: The numbers of the texts.
    ///   - batch: The texts.
    ///   - dropout: What was dropped in the forward pass.
    ///   - total: The number by which the losses are divided.
    ///   - gradients: The gradients of all parameters, to which those of a head are added.
    /// - Returns: The loss. The gradient of the hidden states replaces them in `kept.output` of the pass.
    func backward(
        _ texts: [Int], _ batch: TextBatch, _ dropout: Dropout?, total: Double, _ gradients: WeightGradients
    ) -> Double
}

/// The loss of a classifier: what it answers, and what it should answer.
final class LabelObjective: Objective {
    let group = 1
    let head: ClassifierHead
    private let targets: SoftTargets

    init(_ pass: EncoderPass, _ targets: SoftTargets) {
        head = ClassifierHead(pass)
        self.targets = targets
    }

    func total(of texts: [Int]) -> Double { texts.reduce(0) { $0 + targets.weight($1) } }

    func backward(
        _ texts: [Int], _ batch: TextBatch, _ dropout: Dropout?, total: Double, _ gradients: WeightGradients
    ) -> Double {
        head.forward(batch, dropout)
        let labels = targets.classes
        let gradient = Storage<Float>(batch.count * labels, repeating: 0)
        var loss = 0.0
        for (index, text) in texts.enumerated() {
            loss += targets.loss(
                text, head.logits.start + index * labels, total: total, gradient: gradient.start + index * labels)
        }
        head.backward(batch, dropout, gradient, gradients)
        return loss
    }
}
