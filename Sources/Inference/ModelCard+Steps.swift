import ModelFile
import Text

extension ModelCard {
    /// The steps that change a text before it is split into n-grams.
    ///
    /// - Parameter file: The model file, for errors.
    /// - Returns: The pipeline.
    /// - Throws: `ModelFileError` if this build does not know a step.
    func pipeline(of file: ModelFile) throws(ModelFileError) -> TextPipeline {
        do {
            return try TextPipeline(preprocessing)
        } catch {
            throw .invalid(path: file.path, reason: "this build cannot apply its preprocessing. \(error)")
        }
    }

    /// Refuses all preprocessing steps, for a family that reads texts unchanged.
    ///
    /// - Parameter file: The model file, for errors.
    /// - Throws: `ModelFileError` if the model has a step.
    func refuseSteps(of file: ModelFile) throws(ModelFileError) {
        guard let step = preprocessing.first else { return }
        throw .invalid(
            path: file.path, reason: "a model of the family '\(family)' cannot have the preprocessing step '\(step)'")
    }
}
