extension RecurrentLayout {
    /// All parameters at the start of a training whose words have vectors already.
    ///
    /// The vectors are scaled by one factor to the size of new ones. With it, the same learning rates fit. The row of
    /// unknown words and words without a vector keep their new values.
    ///
    /// - Parameters:
    ///   - seed: Chooses the new values.
    ///   - vectors: The vectors, with the width of the layout.
    ///   - vocabulary: The words of the rows.
    /// - Returns: The parameters.
    public func newValues(
        seed: UInt64, _ vectors: PretrainedVectors, _ vocabulary: WordVocabulary
    ) -> [Float] {
        var values = newValues(seed: seed)
        let width = vectors.width
        precondition(tensors[0].shape == [vocabulary.rows, width])
        let factor = Self.vectorSize * Float(width).squareRoot() * vectors.unitFactor
        for (word, hash) in vocabulary.hashes.enumerated() {
            guard let range = vectors.range(of: hash) else { continue }
            let start = (Int(WordVocabulary.first) + word) * width
            for (index, value) in vectors.values[range].enumerated() { values[start + index] = factor * value }
        }
        return values
    }
}
