import Inference
import JSON
import ModelFile

extension Service {
    /// `GET /info`: the model, the build and the settings.
    func info() -> Response {
        let file = classifier.file
        return .json { writer in
            writer.beginObject()
            writer.member("model", classifier.name)
            writer.member("labels", .array(classifier.labels.map { .string($0) }))
            writer.member("max_tokens", .number(Double(classifier.maxTokens)))
            writer.member("decision_threshold", classifier.card.decision.threshold)
            writer.member("model_sha256", ModelDescription(file.metadata).headerDigest ?? "")
            writer.member("model_bytes", .number(Double(file.withBytes(\.count))))
            writer.member("version", pinsonVersion)
            writer.member("instruction_set", classifier.instructionSet.rawValue)
            writer.member("workers", .number(Double(settings.workers)))
            writer.member("queue_limit", .number(Double(settings.queueLimit)))
            writer.endObject()
        }
    }
}
