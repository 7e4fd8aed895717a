import ModelFile
import Text

extension VectorsClassifier {
    /// What each n-gram adds to the logit of a label: the share of the mean that is its vector, times the layer.
    ///
    /// With the bias, the parts sum to the logit. If the mean is divided by its length, so are the parts.
    func explain(_ text: String, label: Int, in buffers: Buffers) -> Explanation? {
        let output = score(text, buffers)
        // With two labels, the only output is the logit of the second one.
        let (column, sign): (Int, Float) = schema.outputs == 1 ? (0, label == 1 ? 1 : -1) : (label, 1)
        let weights = UnsafeBufferPointer(
            rebasing: self.weights.elements(as: Float.self)[column * schema.width..<(column + 1) * schema.width])
        var parts: [Explanation.Part] = []
        for (block, table) in tables.enumerated() {
            let texts = features.texts(block, buffers.ngrams)
            let rows = table.lookup
            features.count(block, buffers.ngrams)
            buffers.ngrams.counts.forEach { row, count in
                let contribution = sign * Float(count) * buffers.factor * rows.dot(row, weights)
                parts.append(.init(text: texts[row] ?? "", contribution: contribution))
            }
        }
        return Explanation(
            .terms, logit: Explanation.logit(of: label, in: output.logits),
            bias: sign * bias.elements(as: Float.self)[column], parts: parts)
    }
}
