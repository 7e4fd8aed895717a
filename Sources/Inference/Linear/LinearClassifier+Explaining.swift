import ModelFile
import Text

extension LinearClassifier {
    /// The terms that make up the logit of a label.
    ///
    /// The same n-gram can be a term of several views, which are added up. Something else that is counted is a part such
    /// as `number of '!': 3`.
    func explain(_ text: String, label: Int, in buffers: NgramFeatures.Buffers) -> Explanation? {
        let output = score(text, buffers)
        // With two labels, the only output is the logit of the second one.
        let (column, sign): (Int, Float) = schema.outputs == 1 ? (0, label == 1 ? 1 : -1) : (label, 1)
        var parts: [Explanation.Part] = []
        for block in schema.blocks.indices {
            let texts = features.texts(block, buffers)
            var sums: [Int: Float] = [:]
            features.count(block, buffers)
            for view in views where view.schema.block == block {
                let values = values(view, buffers.counts)
                let size = values.reduce(0) { $0 + part($1.value, of: view) }
                let weight = view.weights.lookup
                let factor = factor(view, size: size) * weight.scale(column) * Double(sign)
                for (feature, value) in values {
                    sums[feature, default: 0] += Float(value * factor * weight(feature * schema.outputs + column))
                }
            }
            parts += sums.sorted { $0.key < $1.key }.map { .init(text: texts[$0.key] ?? "", contribution: $0.value) }
        }
        forEachCount(text) { index, count, number in
            parts.append(
                .init(
                    text: "\(count.title): \(Int(number))", contribution: sign * number * countWeight(index, column)))
        }
        return Explanation(
            .terms, logit: Explanation.logit(of: label, in: output.logits),
            bias: sign * bias.elements(as: Float.self)[column], parts: parts)
    }
}
