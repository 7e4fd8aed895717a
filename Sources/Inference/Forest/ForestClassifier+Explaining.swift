import ModelFile

extension ForestClassifier {
    /// What each n-gram of the text adds to the logit of a label.
    ///
    /// Each branch of a tree changes the share of the label. The change at a branch that is taken because the text has an
    /// n-gram belongs to the n-gram. All other changes, and the share at the roots, belong to the bias. The changes are
    /// then multiplied by the same number, so that they sum to the change of the logit.
    ///
    /// - Source: Saabas 2014, "Interpreting random forests", for the changes at the branches.
    func explain(_ text: String, label: Int, in buffers: Buffers) -> Explanation? {
        let output = score(text, buffers)
        // With two labels, the shares are those of the second one.
        let (column, isOther) = schema.outputs == 1 ? (0, label == 0) : (label, false)
        var (changes, rest): ([Int: Float], Float) = ([:], 0)
        forEachTree { start, end, nodes in
            rest += share(start, column)
            _ = Self.walk(start, end, nodes, buffers.has) { node, next, feature, isPresent in
                let change = share(next, column) - share(node, column)
                if isPresent { changes[feature, default: 0] += change } else { rest += change }
            }
        }
        let trees = Float(schema.trees)
        let logit = Explanation.logit(of: label, in: output.logits)
        let sign: Float = isOther ? -1 : 1
        let bias = changes.isEmpty ? logit : sign * self.logit(share: rest / trees)
        let total = changes.values.reduce(0, +)
        let scale = total != 0 ? (logit - bias) / total : 0
        let texts = featureTexts(buffers)
        let parts = changes.sorted { $0.key < $1.key }.map {
            Explanation.Part(text: texts[$0.key] ?? "", contribution: scale * $0.value)
        }
        return Explanation(.terms, logit: logit, bias: total != 0 ? bias : logit, parts: parts)
    }

    /// The n-gram of each feature in the text that was scored last.
    private func featureTexts(_ buffers: Buffers) -> [Int: String] {
        var (texts, first): ([Int: String], Int) = ([:], 0)
        for block in schema.blocks.indices {
            for (feature, text) in features.texts(block, buffers.text) { texts[first + feature] = text }
            first += schema.tables[block].features
        }
        return texts
    }
}
