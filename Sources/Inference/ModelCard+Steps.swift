import ModelFile
import Text

extension ModelCard {
    /// The steps that change a text before it is split into words or tokens.
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
}
