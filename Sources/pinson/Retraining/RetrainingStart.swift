import ArgumentParser
import Foundation
import ModelFile
import Tracking

/// The champion at the start of a retraining, and how it was trained.
struct RetrainingStart {
    let version: ModelVersion
    let labels: [String]
    let recipe: [String]

    /// Fetches the champion.
    ///
    /// - Parameters:
    ///   - name: The name of the registered model.
    ///   - recipe: The recipe that the user wants, or nil for that of the champion.
    ///   - server: The server.
    /// - Throws: `ValidationError` if there is no champion, or its recipe is not known, and the errors of fetching it.
    init(of name: String, recipe: String?, on server: MLflowServer) async throws {
        guard let version = try await Champion(of: name, on: server).current() else {
            throw ValidationError(
                "The registered model '\(name)' has no champion to compare with. "
                    + "Make a first one with 'pinson promote MODEL.gguf --name \(name) --data TEST.csv'.")
        }
        self.version = version
        let champion = "mlflow:\(name)/\(version.version)"
        let file = try ModelFile(path: await FetchedModel.path(champion))
        labels = try ModelCard(file).labels
        let given = recipe?.split(separator: " ").map(String.init)
        guard let recipe = try given ?? TrainingRecipe(file.metadata)?.arguments, !recipe.isEmpty else {
            throw ValidationError(
                "The model file of \(champion) does not say how it was trained. "
                    + "Give the approach and the options of 'pinson train', such as --recipe 'logistic --features word'."
            )
        }
        self.recipe = TrainingRecipe(recipe).argumentsWithWholePaths
    }
}
