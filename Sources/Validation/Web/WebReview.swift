public import Feedback
import Foundation
import JSON

/// A request of the browser.
public struct WebRequest: Sendable {
    /// The method, such as `GET`.
    public var method: String
    /// The path with its query.
    public var path: String
    /// The header `Host`.
    public var host: String
    /// The header `Content-Type`.
    public var contentType: String
    /// The body.
    public var body: [UInt8]

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - path: The path with its query.
    ///   - host: The header `Host`.
    ///   - contentType: The header `Content-Type`.
    ///   - body: The body.
    public init(
        method: String, path: String, host: String, contentType: String = "", body: [UInt8] = []
    ) {
        (self.method, self.path, self.host) = (method, path, host)
        (self.contentType, self.body) = (contentType, body)
    }
}

/// What the browser gets.
public struct WebAnswer: Sendable {
    /// The status.
    public var status: Int
    /// The header `Content-Type`.
    public var contentType: String
    /// The body.
    public var body: [UInt8]

    /// Creates an answer.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - contentType: The header `Content-Type`.
    ///   - body: The body.
    public init(status: Int, contentType: String = "text/plain; charset=utf-8", body: [UInt8] = []) {
        (self.status, self.contentType, self.body) = (status, contentType, body)
    }

    /// The headers of every answer: nothing comes from elsewhere, nothing is kept, and no other page sees it.
    ///
    /// - Source: Content Security Policy Level 3.
    public static let headers = [
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
}

/// The same session in a browser: a page, its state as JSON, and what the person does.
///
/// Only who knows the random token in the address gets an answer.
public struct WebReview: Sendable {
    /// The session.
    public private(set) var session: Session
    /// Whether the person has finished.
    public private(set) var isEnded = false
    private let token: String
    private let hosts: Set<String>
    private let evidence: @Sendable (ReviewItem, Session) -> ReviewScreen.Evidence
    private let record: @Sendable (JournalEntry) throws -> Void

    /// The most bytes of a body.
    public static let largestBody = 16 << 10

    /// Creates the review.
    ///
    /// - Parameters:
    ///   - session: The session.
    ///   - token: The secret part of the address.
    ///   - port: The port of the server on this machine.
    ///   - evidence: What is shown beside a report.
    ///   - record: Keeps a decision, or throws; then the session does not change.
    public init(
        _ session: Session, token: String, port: Int,
        evidence: @escaping @Sendable (ReviewItem, Session) -> ReviewScreen.Evidence,
        record: @escaping @Sendable (JournalEntry) throws -> Void
    ) {
        (self.session, self.token, self.evidence, self.record) = (session, token, evidence, record)
        hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    }

    /// A token that nobody guesses: 128 random bits in hexadecimal digits.
    ///
    /// - Returns: The token.
    public static func newToken() -> String {
        (0..<2).map { _ in String(format: "%016lx", UInt.random(in: 0...UInt.max)) }.joined()
    }

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - time: The time of a decision.
    /// - Returns: The answer.
    public mutating func answer(_ request: WebRequest, at time: FeedbackTime) -> WebAnswer {
        // Another name of this machine may belong to a page of a stranger.
        guard hosts.contains(request.host.lowercased()) else {
            return refusal(403, "This address is not the one that the program has printed.")
        }
        let path = request.path.prefix { $0 != "?" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, isToken(parts[1]) else { return refusal(404, "There is nothing here.") }
        if parts[2] == "act" {
            guard request.method == "POST" else { return refusal(405, "This address takes POST.") }
            guard request.contentType.hasPrefix("application/json"),
                request.body.count <= Self.largestBody
            else {
                return refusal(415, "A body of JSON with at most \(Self.largestBody) bytes is expected.")
            }
            return act(request.body, time)
        }
        guard request.method == "GET" else { return refusal(405, "This address takes GET.") }
        if parts[2] == "state" { return state }
        guard let file = WebPage.file(String(parts[2])) else {
            return refusal(404, "There is nothing here.")
        }
        return WebAnswer(status: 200, contentType: file.type, body: file.bytes)
    }

    private func refusal(_ status: Int, _ reason: String) -> WebAnswer {
        WebAnswer(status: status, body: Array(reason.utf8))
    }

    /// Compares all characters, so that the time does not tell how many are right.
    private func isToken(_ text: Substring) -> Bool {
        let (given, own) = (Array(text.utf8), Array(token.utf8))
        return given.count == own.count && zip(given, own).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private mutating func act(_ body: [UInt8], _ time: FeedbackTime) -> WebAnswer {
        guard let json = try? JSON(parsing: body), let action = WebAction(json) else {
            return refusal(422, "The body is no action.")
        }
        guard !isEnded else { return state }
        var next = session
        // A second click, or another window, may mean a report that is no longer shown.
        if let id = action.id { next.show(id) }
        let effect =
            switch action.kind {
            case .action(let action): next.perform(action, at: time)
            case .note(let text): next.note(text, at: time)
            case .search(let text): next.find(text)
            }
        do {
            switch effect {
            case .none: break
            case .record(let entry): try record(entry)
            case .quit(let entry):
                if let entry { try record(entry) }
                isEnded = true
            }
            session = next
        } catch {
            session.refuse("Not saved, so nothing has changed. \(error)")
        }
        return state
    }

    private var state: WebAnswer {
        let evidence = session.item.map { self.evidence($0, session) } ?? .init()
        var writer = JSONWriter()
        writer.value(WebState.json(session, evidence, isEnded: isEnded))
        return WebAnswer(status: 200, contentType: "application/json", body: writer.bytes)
    }
}
