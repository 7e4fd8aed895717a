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

    /// Refuses a model of a family that reads texts as they are, but that needs a preprocessing step.
    ///
    /// - Parameter file: The model file, for errors.
    /// - Throws: `ModelFileError` for the first step.
    func refuseSteps(of file: ModelFile) throws(ModelFileError) {
        guard let step = preprocessing.first else { return }
        throw .invalid(
            path: file.path, reason: "a model of the family '\(family)' cannot have the preprocessing step '\(step)'")
    }
}
