import ArgumentParser
import ModelFile
import Packaging
import Training

/// A trained model, ready to be written.
struct PackedModel {
    let family: PackedFamily
    /// The number of features of all members.
    let features: Int

    /// Turns a trained model into the keys and tensors of its family.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - maxBytes: The largest model file in bytes, or nil.
    /// - Throws: `ValidationError` if a model of this kind cannot be made smaller.
    init(_ model: TrainedModel, maxBytes: Int?) throws {
        switch model {
        case .linear(let model):
            var packer = LinearPacker(model)
            if let maxBytes { packer.prune(toBytes: maxBytes) }
            family = packer.packed()
            features = packer.blocks.reduce(0) { $0 + $1.hashes.count }
        case .forest(let model):
            guard maxBytes == nil else {
                throw Self.cannotShrink("a forest", "Use fewer --trees or a larger --leaf-texts.")
            }
            family = ForestPacker(model).packed()
            features = model.vectorizer.columnCount
        case .lexicon(let model):
            guard maxBytes == nil else { throw Self.cannotShrink("a lexicon", "Use a larger --min-texts.") }
            family = LexiconPacker(model).packed()
            features = model.hashes.count
        case .average(let model):
            family = VectorsPacker(model).packed()
            features = model.vectorizer.columnCount
        case .ensemble(let ensemble):
            if let merged = ensemble.merged {
                self = try PackedModel(.linear(merged), maxBytes: maxBytes)
                return
            }
            guard maxBytes == nil else {
                throw Self.cannotShrink("an ensemble", "Choose members with fewer features, such as '--features word'.")
            }
            let members = try ensemble.members.map { try PackedModel($0, maxBytes: nil) }
            family = EnsemblePacker(
                members: members.map(\.family), isVote: ensemble.isVote, weights: ensemble.weights, bias: ensemble.bias
            ).packed()
            features = members.reduce(0) { $0 + $1.features }
        }
    }

    private static func cannotShrink(_ what: String, _ advice: String) -> ValidationError {
        ValidationError(
            "'--max-bytes' works for linear models and bags of vectors only, and this is \(what). \(advice)")
    }
}
