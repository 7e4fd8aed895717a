import Inference
import ModelFile
import Tracking

/// A candidate or a champion: a model file, and where it comes from.
struct PromotionModel {
    /// The name that the user gave it, or that it has on the server.
    let name: String
    /// Where it comes from on the server; nil for a local file.
    let origin: ModelOrigin?
    let classifier: Classifier
    /// The digest of the file.
    let digest: String

    /// Opens a model file, which is fetched first if it is on the server.
    init(_ name: String, on server: MLflowServer) async throws {
        self.name = name
        if let reference = try ModelReference(name) {
            origin = try await server.origin(of: reference)
        } else {
            origin = nil
        }
        let path = try await FetchedModel.path(name)
        classifier = try Classifier(ModelFile(path: path), instructionSet: InstructionSet.chosenByUser())
        digest = "sha256:" + (try await fileDigest(path))
    }

    /// The path of the file.
    var path: String { classifier.file.path }
}
