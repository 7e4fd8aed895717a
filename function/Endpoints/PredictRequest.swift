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
        /// `{"inputs": [s]}` is answered with a list of labels for each text.
        case inputs
        /// `{"texts": [s]}` is answered with `{"predictions": […]}`.
        case texts
    }

    let dialect: Dialect
    let texts: [String]

    /// The most texts in one request, because a worker classifies them without a pause.
    static let maximumTexts = 128

    /// Reads the body.
    ///
    /// - Throws: `Problem` with status 422 that names the field, what it is, and what was expected.
    init(_ body: JSON) throws(Problem) {
        guard case .object = body else {
            throw Self.problem("The body is \(body.kind), expected an object such as {\"text\": \"…\"}.")
        }
        if let value = body["text"] {
            (dialect, texts) = (.text, [try Self.text(value, "text")])
        } else if let value = body["tweet"] {
            (dialect, texts) = (.tweet, [try Self.text(value, "tweet")])
        } else if let value = body["inputs"] {
            if case .array(let values) = value {
                (dialect, texts) = (.inputs, try Self.list(values, "inputs"))
            } else {
                (dialect, texts) = (.input, [try Self.text(value, "inputs", or: " or an array of strings")])
            }
        } else if let value = body["texts"] {
            guard case .array(let values) = value else {
                throw Self.problem("'texts' is \(value.kind), expected an array of strings.")
            }
            (dialect, texts) = (.texts, try Self.list(values, "texts"))
        } else {
            throw Self.problem("A field is missing: expected 'text', 'tweet', 'inputs' or 'texts'.")
        }
    }

    private static func text(_ value: JSON, _ field: String, or alternative: String = "") throws(Problem) -> String {
        guard case .string(let text) = value else {
            throw problem("'\(field)' is \(value.kind), expected a string\(alternative).")
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw problem("'\(field)' is empty, expected a text to classify.")
        }
        return text
    }

    private static func list(_ values: [JSON], _ field: String) throws(Problem) -> [String] {
        guard (1...maximumTexts).contains(values.count) else {
            throw problem("'\(field)' has \(values.count) texts, expected 1 to \(maximumTexts).")
        }
        var texts: [String] = []
        for (index, value) in values.enumerated() { texts.append(try text(value, "\(field)[\(index)]")) }
        return texts
    }

    private static func problem(_ detail: String) -> Problem {
        Problem(status: .unprocessableEntity, detail: detail)
    }
}
