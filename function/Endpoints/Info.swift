import Inference
import JSON
import ModelFile

extension Service {
    /// `GET /info`: the model, the build and the settings.
    ///
    /// The members after `queue_limit` are those of Text Embeddings Inference, whose clients look for them.
    func info() -> Response {
        let file = classifier.file
        let labels = classifier.labels
        func number(_ value: Int) -> JSON { .number(Double(value)) }
        return .json { writer in
            writer.beginObject()
            writer.member("model", classifier.name)
            writer.member("labels", .array(labels.map { .string($0) }))
            writer.member("max_tokens", number(classifier.maxTokens))
            writer.member("explains", .bool(classifier.explainsByTerms))
            writer.member("decision_threshold", classifier.card.decision.threshold)
            writer.member("model_sha256", ModelDescription(file.metadata).headerDigest ?? "")
            writer.member("model_bytes", number(file.withBytes(\.count)))
            writer.member("version", pinsonVersion)
            writer.member("instruction_set", classifier.instructionSet.rawValue)
            writer.member("workers", number(settings.workers))
            writer.member("queue_limit", number(settings.queueLimit))
            writer.member("model_id", classifier.name)
            writer.member("model_dtype", (try? Precision(file)).map { "\($0)" } ?? "unknown")
            writer.member("served_model_name", classifier.name)
            let indices = labels.indices
            let classifierType: JSON = [
                "id2label": .object(indices.map { .init(key: "\($0)", value: .string(labels[$0])) }),
                "label2id": .object(indices.map { .init(key: labels[$0], value: number($0)) }),
            ]
            writer.member("model_type", ["classifier": classifierType])
            writer.member("max_concurrent_requests", number(settings.workers + settings.queueLimit))
            writer.member("max_input_length", number(classifier.maxTokens))
            writer.member("max_batch_tokens", number(classifier.maxTokens))
            writer.member("max_client_batch_size", number(PredictRequest.maximumTexts))
            writer.member("auto_truncate", .bool(true))
            writer.member("tokenization_workers", number(settings.workers))
            writer.endObject()
        }
    }
}
