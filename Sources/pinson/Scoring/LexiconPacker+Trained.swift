import Packaging
import Training

extension LexiconPacker {
    /// The words and the layer of a learned lexicon.
    init(_ trained: TrainedLexicon) {
        self.init(
            hashes: trained.hashes, valences: trained.valences, weights: trained.weights, bias: trained.bias)
    }
}
