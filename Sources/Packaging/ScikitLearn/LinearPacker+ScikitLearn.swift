public import ModelFile
import Text

extension LinearPacker {
    /// The features and the weights of a model of scikit-learn.
    ///
    /// - Parameters:
    ///   - export: The model.
    ///   - precision: The precision of the weights. With 32 bits, the n-grams are found by their whole hashes.
    /// - Throws: `PackagingError` if two different n-grams have the same hash.
    init(_ export: ScikitLearnExport, precision: Precision) throws(PackagingError) {
        var blocks: [Block] = []
        var views: [(schema: LinearModelSchema.View, weights: [Double])] = []
        for (index, block) in export.blocks.enumerated() {
            let features = try Self.features(of: block, at: index, outputs: export.bias.count, path: export.path)
            blocks.append(
                Block(
                    name: block.ngrams.description, hashes: features.map(\.hash),
                    frequencies: features.map { block.frequencies?[$0.term] ?? 1 }))
            let view = LinearModelSchema.View(
                block: index, counting: block.counting, usesFrequency: block.frequencies != nil, norm: block.norm)
            let outputs = export.bias.count
            views.append((view, features.flatMap { block.weights[$0.term * outputs..<($0.term + 1) * outputs] }))
        }
        self.init(blocks: blocks, views: views, bias: export.bias)
        self.precision = precision
        stopWords = export.stopWords
    }

    /// The hashes of the terms in ascending order, with the position of each term.
    ///
    /// Terms without weights are left out, unless they count for the length that a text is scaled to.
    private static func features(
        of block: ScikitLearnExport.Block, at index: Int, outputs: Int, path: String
    ) throws(PackagingError) -> [(hash: UInt64, term: Int)] {
        let kept = block.terms.indices.filter { term in
            block.norm != nil || block.weights[term * outputs..<(term + 1) * outputs].contains { $0 != 0 }
        }
        let features = kept.map { (hash: block.ngrams.hash(of: block.terms[$0], inBlock: index), term: $0) }
            .sorted { $0.hash < $1.hash }
        for (first, second) in zip(features, features.dropFirst()) where first.hash == second.hash {
            throw .sameHash(path: path, terms: [block.terms[first.term], block.terms[second.term]])
        }
        return features
    }
}

extension ScikitLearnExport {
    /// The steps that change a text before it is split.
    public var preprocessing: [String] { lowercases ? ["lowercase"] : [] }

    /// All words are read.
    public var maxTokens: Int { ModelCard.maxTokensRange.upperBound }

    /// The keys and tensors of the model.
    ///
    /// - Parameter precision: The precision of the weights: 8 or 32 bits.
    /// - Returns: What is written to a file, and the number of n-grams that a shorter hash takes for another one.
    /// - Throws: `PackagingError` if the precision is not supported, or two different n-grams have the same hash.
    public func packed(
        _ precision: Precision
    ) throws(PackagingError) -> (family: PackedFamily, sharedFingerprints: Int) {
        guard precision != .int4 else {
            throw .unsupported(
                path: path, what: "the number of bits for a model of scikit-learn", found: "4", expected: "8, 32")
        }
        let packer = try LinearPacker(self, precision: precision)
        return (packer.packed(), packer.sharedFingerprints)
    }
}
