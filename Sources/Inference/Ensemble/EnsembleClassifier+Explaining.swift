import ModelFile

extension EnsembleClassifier {
    /// The terms of all members, each multiplied by the weight of the member's output.
    ///
    /// The result is nil if the members vote, or if a member is not a sum of terms.
    func explain(_ text: String, label: Int, in buffers: Buffers) -> Explanation? {
        guard schema.combination == .sum else { return nil }
        let output = score([text], in: buffers, threads: 1)[0]
        // With two labels, the only output is the logit of the second one.
        let (row, sign): (Int, Float) = schema.outputs == 1 ? (0, label == 1 ? 1 : -1) : (label, 1)
        var bias = sign * self.bias(row)
        var sums: [String: Float] = [:]
        for (member, worker) in buffers.workers.enumerated() {
            for column in 0..<schema.outputs {
                let factor = sign * weight(row, member * schema.outputs + column)
                guard let part = worker.explain(text, label: schema.outputs == 1 ? 1 : column) else { return nil }
                bias += factor * part.bias
                for term in part.parts { sums[term.text, default: 0] += factor * term.contribution }
            }
        }
        let parts = sums.sorted { $0.key < $1.key }.map { Explanation.Part(text: $0.key, contribution: $0.value) }
        return Explanation(.terms, logit: Explanation.logit(of: label, in: output.logits), bias: bias, parts: parts)
    }
}
