import Packaging
import Text
import Training

extension ForestPacker {
    /// The features and the trees of a trained forest.
    init(_ trained: TrainedForest) {
        self.init(
            blocks: trained.vectorizer.vocabularies.map { ($0.block.description, $0.hashes) },
            trees: trained.trees.map { Tree(features: $0.features, jumps: $0.jumps, shares: $0.shares) },
            outputs: trained.outputCount, factor: trained.factor, offset: trained.offset)
    }
}
