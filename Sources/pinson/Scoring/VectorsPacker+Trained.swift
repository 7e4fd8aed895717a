import Packaging
import Text
import Training

extension VectorsPacker {
    /// The vectors and the layer of a trained model.
    init(_ trained: TrainedAverage) {
        let blocks = zip(trained.vectorizer.vocabularies, trained.vectorizer.columns).map { vocabulary, columns in
            Block(
                name: vocabulary.block.description, hashes: vocabulary.hashes,
                values: Array(trained.rows[columns.lowerBound * trained.width..<columns.upperBound * trained.width]))
        }
        self.init(blocks, width: trained.width, weights: trained.weights, bias: trained.bias)
    }
}

extension Recipe {
    /// The recipe of a model whose file is small enough, as far as a recipe can decide about that.
    ///
    /// - Parameters:
    ///   - bytes: The most bytes of the file.
    ///   - classes: The number of classes.
    /// - Returns: The recipe.
    func fitting(bytes: Int, classes: Int) -> Recipe {
        guard case .average(var recipe) = self else { return self }
        let (outputs, width) = (classes == 2 ? 1 : classes, recipe.vectors?.width ?? recipe.width)
        // Fingerprint and a share of a bucket; then the numbers, which need a factor unless the layer is in them.
        let perVector = 2.5 + Double(outputs <= width ? outputs : width + 4)
        recipe.limit = max(1, Int(Double(bytes - 12 * 1024) / perVector))
        return .average(recipe)
    }
}
