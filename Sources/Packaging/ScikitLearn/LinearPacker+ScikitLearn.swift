import ModelFile
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

extension Packer {
    /// Packs a model of scikit-learn, which has 32 bits for a weight unless the user says otherwise.
    static func pack(
        _ export: ScikitLearnExport, into output: String, _ options: Options
    ) throws -> PackingReport {
        let precision = options.precision ?? .float32
        guard precision != .int4 else {
            throw PackagingError.unsupported(
                path: export.path, what: "the number of bits for a model of scikit-learn", found: "4",
                expected: "8, 32")
        }
        let labels = try Self.labels(of: export, options)
        let packer = try LinearPacker(export, precision: precision)
        let packed = packer.packed()
        let name = options.name ?? defaultName(export.path).replacing(/\.npz$/, with: "")
        let card = ModelCard(
            name: name, family: packed.name, labels: labels, maxTokens: ModelCard.maxTokensRange.upperBound,
            preprocessing: export.lowercases ? ["lowercase"] : [])
        try ModelFile.write(
            to: output, metadata: card.entries + options.description.entries + packed.entries, tensors: packed.tensors,
            hash: sha256)
        return PackingReport(
            name: name, architecture: export.classifier, labels: labels, parameters: export.parameters,
            parts: parts(of: packed.tensors.map(\.schema)), bytes: try ModelFile(path: output).withBytes(\.count),
            sharedFingerprints: precision == .float32 ? nil : packer.sharedFingerprints)
    }

    /// The labels of a model of scikit-learn, or those that the user gives instead.
    static func labels(of export: ScikitLearnExport, _ options: Options) throws -> [String] {
        guard let labels = options.labels else { return export.labels }
        return try Configuration.labels(labels, insteadOf: export.labels, path: export.path)
    }
}
