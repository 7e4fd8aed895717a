import JSON
import NIOHTTP1

/// The body of `POST /predict`, in one of the dialects of the systems that Pinson replaces.
struct PredictRequest: Equatable {
    enum Dialect: Equatable {
        /// `{"text": s}` is answered with one object that holds everything.
        case text
        /// `{"tweet": s}` is answered with the sentiment and the probability of positive.
        case tweet
        /// `{"inputs": s}` is answered with all labels, best first.
        case input
        /// `{"inputs": [s]}`, or `inputs` with `parameters`, is answered with a list of labels for each text.
        case inputs
        /// `{"texts": [s]}` is answered with `{"predictions": […]}`.
        case texts
    }

    let dialect: Dialect
    let texts: [String]
    /// What a body with `inputs` asks for.
    var options = PredictOptions()
    /// Whether the answer says which parts of the text decided.
    var explains = false

    /// The most texts in one request, because a worker classifies them without a pause.
    static let maximumTexts = 128

    /// Reads the body.
    ///
    /// Members that are null count as missing.
    ///
    /// - Throws: `Problem` with status 422 that names the field, what it is, and what was expected.
    init(_ body: JSON) throws(Problem) {
        guard case .object(let all) = body else {
            throw Problem(unprocessable: "The body is \(body.kind), expected an object such as {\"text\": \"…\"}.")
        }
        let members = all.filter { $0.value != .null }
        let fields = ["text", "tweet", "inputs", "texts"]
        let present = fields.filter { field in members.contains { $0.key == field } }
        guard present.count <= 1 else {
            throw Problem(unprocessable: "The body has '\(present[0])' and '\(present[1])', expected only one of them.")
        }
        guard let field = present.first ?? fields.first(where: { body[$0] != nil }), let value = body[field] else {
            throw Problem(unprocessable: "A field is missing: expected 'text', 'tweet', 'inputs' or 'texts'.")
        }
        switch field {
        case "text": (dialect, texts) = (.text, [try Self.text(value, field)])
        case "tweet": (dialect, texts) = (.tweet, [try Self.text(value, field)])
        case "inputs":
            options = try PredictOptions(members)
            if case .array(let values) = value {
                (dialect, texts) = (.inputs, try Self.list(values, field))
            } else {
                let text = try Self.text(value, field, or: " or an array of strings")
                (dialect, texts) = (members.contains { $0.key == "parameters" } ? .inputs : .input, [text])
            }
        default:
            guard case .array(let values) = value else {
                throw Problem(unprocessable: "'texts' is \(value.kind), expected an array of strings.")
            }
            (dialect, texts) = (.texts, try Self.list(values, field))
        }
        if field == "text" || field == "texts", let member = members.first(where: { $0.key == "explain" }) {
            explains = try member.boolean()
        }
        try Self.refuseUnused(members, field)
    }

    private static func text(_ value: JSON, _ field: String, or alternative: String = "") throws(Problem) -> String {
        guard case .string(let text) = value else {
            throw Problem(unprocessable: "'\(field)' is \(value.kind), expected a string\(alternative).")
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw Problem(unprocessable: "'\(field)' is empty, expected a text to classify.")
        }
        return text
    }

    /// Reads strings, and arrays of one string, in which Text Embeddings Inference has the texts of a batch.
    private static func list(_ values: [JSON], _ field: String) throws(Problem) -> [String] {
        guard (1...maximumTexts).contains(values.count) else {
            throw Problem(unprocessable: "'\(field)' has \(values.count) texts, expected 1 to \(maximumTexts).")
        }
        var texts: [String] = []
        for (index, value) in values.enumerated() {
            guard field == "inputs", case .array(let parts) = value else {
                texts.append(try text(value, "\(field)[\(index)]"))
                continue
            }
            guard parts.count == 1 else {
                throw Problem(
                    unprocessable: "'\(field)[\(index)]' has \(parts.count) strings, expected 1: the model reads one "
                        + "text at a time, and no pairs.")
            }
            texts.append(try text(parts[0], "\(field)[\(index)][0]"))
        }
        return texts
    }

    /// Refuses a member that would have no effect.
    ///
    /// The systems whose dialects are `text` and `tweet` ignore unknown members, so only those that have a meaning in
    /// another dialect are refused there. `PredictOptions` has checked the members beside `inputs`.
    private static func refuseUnused(_ members: [JSON.Member], _ field: String) throws(Problem) {
        guard field != "inputs" else { return }
        let used = field == "tweet" ? [field] : [field, "explain"]
        for key in members.map(\.key)
        where !used.contains(key) && (field == "texts" || PredictOptions.fields.contains(key) || key == "explain") {
            throw Problem(
                unprocessable: "'\(key.prefix(100))' has no effect on a request with '\(field)'. Remove it"
                    + (PredictOptions.fields.contains(key) ? ", or send the text in 'inputs'." : "."))
        }
    }
}
