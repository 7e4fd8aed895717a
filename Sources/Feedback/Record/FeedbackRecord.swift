public import JSON

/// One report of a user about a prediction.
public struct FeedbackRecord: Equatable, Sendable {
    /// The text of the report, or what is kept of it.
    public enum Content: Equatable, Sendable {
        /// The text itself.
        case text(String)
        /// A keyed hash of the text in hexadecimal digits, so that equal texts can be found without reading them.
        case hash(String)
    }

    /// The name of the report.
    public var id: FeedbackID
    /// When it arrived.
    public var time: FeedbackTime
    /// The text that was classified.
    public var content: Content
    /// The label that the model gave.
    public var predicted: String
    /// The score that the client saw.
    public var score: Double
    /// The label that the user expects, or nil if the user did not name one.
    public var expected: String?
    /// What the user wrote about it.
    public var comment: String?
    /// Whether the prediction was correct, or nil if the user did not say.
    public var isCorrect: Bool?
    /// The name of the model.
    public var model: String
    /// The digest of the model file.
    public var modelDigest: String
    /// The version of Pinson.
    public var version: String
    /// The instance that took the report.
    public var instance: String

    /// Creates a record.
    ///
    /// - Parameters:
    ///   - id: The name of the report.
    ///   - time: When it arrived.
    ///   - content: The text that was classified, or its hash.
    ///   - predicted: The label that the model gave.
    ///   - score: The score that the client saw.
    ///   - expected: The label that the user expects.
    ///   - comment: What the user wrote about it.
    ///   - isCorrect: Whether the prediction was correct.
    ///   - model: The name of the model.
    ///   - modelDigest: The digest of the model file.
    ///   - version: The version of Pinson.
    ///   - instance: The instance that took the report.
    public init(
        id: FeedbackID, time: FeedbackTime, content: Content, predicted: String, score: Double,
        expected: String? = nil, comment: String? = nil, isCorrect: Bool? = nil, model: String = "",
        modelDigest: String = "", version: String = "", instance: String = ""
    ) {
        (self.id, self.time, self.content) = (id, time, content)
        (self.predicted, self.score, self.expected) = (predicted, score, expected)
        (self.comment, self.isCorrect) = (comment, isCorrect)
        (self.model, self.modelDigest, self.version, self.instance) = (model, modelDigest, version, instance)
    }

    /// The members of the record in their order, as they are kept and exported.
    ///
    /// What the user did not say is left out.
    public var json: JSON {
        var members: [(String, JSON)] = [("id", .string("\(id)")), ("time", .string("\(time)"))]
        switch content {
        case .text(let text): members.append(("text", .string(text)))
        case .hash(let digits): members.append(("text_hash", .string(digits)))
        }
        members += [("predicted_label", .string(predicted)), ("score", .number(score))]
        if let expected { members.append(("expected_label", .string(expected))) }
        if let comment { members.append(("comment", .string(comment))) }
        if let isCorrect { members.append(("is_correct", .bool(isCorrect))) }
        members += [
            ("model", .string(model)), ("model_sha256", .string(modelDigest)), ("version", .string(version)),
            ("instance", .string(instance)),
        ]
        return .object(members.map { .init(key: $0.0, value: $0.1) })
    }

    /// Reads a record, or returns nil if a member is missing or has another type.
    init?(_ json: JSON) {
        func text(_ key: String) -> String? { if case .string(let text)? = json[key] { text } else { nil } }
        guard let id = text("id").flatMap({ FeedbackID($0) }), let time = text("time").flatMap({ FeedbackTime($0) }),
            let content = text("text").map(Content.text) ?? text("text_hash").map(Content.hash),
            let predicted = text("predicted_label"), case .number(let score)? = json["score"]
        else { return nil }
        var isCorrect: Bool?
        if case .bool(let value)? = json["is_correct"] { isCorrect = value }
        self.init(
            id: id, time: time, content: content, predicted: predicted, score: score, expected: text("expected_label"),
            comment: text("comment"), isCorrect: isCorrect, model: text("model") ?? "",
            modelDigest: text("model_sha256") ?? "", version: text("version") ?? "", instance: text("instance") ?? "")
    }
}
