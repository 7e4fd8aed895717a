import Feedback
import JSON
import ModelFile
import NIOHTTP1

/// The body of `POST /feedback` or `POST /report_error`.
struct FeedbackRequest: Hashable {
    let text: String
    let predicted: String
    let score: Double
    var expected: String?
    var comment: String?
    var isCorrect: Bool?

    /// Reads the body of `POST /feedback`.
    ///
    /// Unknown members are ignored. A member that may be left out may also be null.
    ///
    /// - Throws: `Problem` with status 422 that names the field, what it is, and what was expected.
    init(feedback body: JSON) throws(Problem) {
        guard case .object = body else {
            throw Problem(unprocessable: "The body is \(body.kind), expected an object such as {\"text\": \"…\"}.")
        }
        text = try Self.string(body, "text")
        predicted = try Self.string(body, "predicted_label")
        guard let value = body["score"] else { throw .missing("score") }
        guard let number = Self.number(value) else {
            throw Problem(unprocessable: "'score' is \(Self.found(value)), expected a number.")
        }
        score = number
        expected = try Self.optionalString(body, "expected_label")
        comment = try Self.optionalString(body, "comment")
        isCorrect = expected.map { $0.utf8.elementsEqual(predicted.utf8) }
    }

    /// Reads the body of `POST /report_error`, which always says that the prediction is wrong.
    ///
    /// - Throws: `Problem` with status 400 or 422.
    init(errorReport body: JSON) throws(Problem) {
        guard case .object = body else {
            throw Problem(unprocessable: "The body is \(body.kind), expected an object such as {\"tweet\": \"…\"}.")
        }
        text = try Self.optionalString(body, "tweet") ?? ""
        predicted = try Self.optionalString(body, "prediction") ?? ""
        guard !text.isEmpty, !predicted.isEmpty else {
            throw Problem(status: .badRequest, detail: "Missing tweet or prediction.")
        }
        guard let number = body["probability"].flatMap(Self.number), (0...1).contains(number) else {
            throw Problem(status: .badRequest, detail: "Invalid probability. Must be between 0 and 1.")
        }
        score = number
        isCorrect = false
    }

    /// A number, also one that is written as a string, as some clients send it.
    private static func number(_ value: JSON) -> Double? {
        switch value {
        case .number(let number): number
        case .string(let text):
            Double(
                String(Substring(text).drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            )
            .flatMap { $0.isFinite ? $0 : nil }
        default: nil
        }
    }

    private static func found(_ value: JSON) -> String {
        if case .string(let text) = value { "'\(text.prefix(50))'" } else { value.kind }
    }

    private static func string(_ body: JSON, _ field: String) throws(Problem) -> String {
        guard let value = body[field] else { throw .missing(field) }
        guard case .string(let text) = value else {
            throw Problem(unprocessable: "'\(field)' is \(value.kind), expected a string.")
        }
        return text
    }

    private static func optionalString(_ body: JSON, _ field: String) throws(Problem) -> String? {
        guard let value = body[field], value != .null else { return nil }
        return try string(body, field)
    }
}

extension Problem {
    fileprivate static func missing(_ field: String) -> Problem {
        Problem(unprocessable: "'\(field)' is missing.")
    }
}

/// The header `Idempotency-Key`, with which a client can send a report again without adding a second one.
enum IdempotencyKey {
    private static let longest = 255
    private static let domain = Array("pinson: the name of a report".utf8)

    /// The name of the report, or nil if the client gives none.
    ///
    /// - Throws: `Problem` with status 422 if the key is too long.
    static func id(_ header: String?) throws(Problem) -> FeedbackID? {
        guard let header, !header.isEmpty else { return nil }
        guard header.utf8.count <= longest else {
            throw Problem(
                unprocessable: "The Idempotency-Key has \(header.utf8.count) bytes, expected at most \(longest).")
        }
        return FeedbackID(digest: KeyedHash.sha256(key: domain, message: Array(header.utf8)))
    }
}
