import ModelFile
import Text

extension LexiconClassifier {
    /// What each word adds to the logit of a label.
    ///
    /// A compound is a sum of valences divided by a number that depends on all of them. Each word gets the share of the
    /// compound that its valence, after all rules, is of the sum. Exclamation and question marks that add to the sum are a
    /// part of their own. With the bias, the parts sum to the logit.
    func explain(_ text: String, label: Int, in buffers: Buffers) -> Explanation? {
        let output = score(text, buffers)
        // With two labels, the only output is the logit of the second one.
        let (column, sign): (Int, Float) = schema.outputs == 1 ? (0, label == 1 ? 1 : -1) : (label, 1)
        let words = buffers.words
        var contributions = [Float](repeating: 0, count: words.words.count)
        var marks: Float = 0
        for input in 0..<schema.outputs {
            let valences = words.words.indices.map { words.valence(of: $0, valence(of: $0, input, buffers)) }
            let sum = valences.reduce(0, +)
            let emphasis = words.emphasis(of: sum)
            let weight = weights.elements(as: Float.self)[input * schema.outputs + column]
            let factor = sign * weight / LexiconText.length(of: sum + emphasis)
            for (index, valence) in valences.enumerated() { contributions[index] += factor * valence }
            marks += factor * emphasis
        }
        var parts = zip(words.words, contributions).filter { $0.1 != 0 }.map { word, contribution in
            Explanation.Part(
                text: buffers.text.withBytes { String(decoding: $0[word.range], as: UTF8.self) },
                contribution: contribution)
        }
        if marks != 0 { parts.append(.init(text: "'!' and '?'", contribution: marks)) }
        return Explanation(
            .terms, logit: Explanation.logit(of: label, in: output.logits),
            bias: sign * bias.elements(as: Float.self)[column], parts: parts)
    }
}
