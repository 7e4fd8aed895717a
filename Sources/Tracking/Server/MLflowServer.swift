public import Foundation
import NIOHTTP1

/// An MLflow server, which keeps runs and registered models.
///
/// - Source: What a server of MLflow 3.17.2 answers to each of the requests.
public struct MLflowServer: Sendable {
    /// The address of the server, without a user name and a password.
    public let address: URL
    let connection: Connection
    let environment: [String: String]

    /// Reads the address and the account of a server from an environment.
    ///
    /// The variables are `MLFLOW_TRACKING_URI`, then `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`, or
    /// `MLFLOW_TRACKING_TOKEN`, and those that curl reads for proxies.
    ///
    /// - Parameters:
    ///   - environment: The variables.
    ///   - patience: How long and how often the server is asked.
    /// - Returns: The server, or nil if the variable names none, or names a folder.
    /// - Throws: `TrackingError.invalid` if the address of the server is not valid.
    public static func named(
        by environment: [String: String], patience: Patience = Patience()
    ) throws(TrackingError) -> MLflowServer? {
        guard let text = environment["MLFLOW_TRACKING_URI"], text.hasPrefix("http://") || text.hasPrefix("https://")
        else { return nil }
        guard var parts = URLComponents(string: text), let host = parts.host, !host.isEmpty else {
            throw .invalid(
                what: "MLFLOW_TRACKING_URI", reason: "it is not an address of a server",
                advice: "Set it to an address such as https://mlflow.example.com.")
        }
        var credentials = Credentials.none
        if let token = environment["MLFLOW_TRACKING_TOKEN"], !token.isEmpty { credentials = .bearer(token) }
        // MLflow prefers a user name to a token.
        if let user = environment["MLFLOW_TRACKING_USERNAME"], let password = environment["MLFLOW_TRACKING_PASSWORD"] {
            credentials = .basic(user: user, password: password)
        }
        if let user = parts.user { credentials = .basic(user: user, password: parts.password ?? "") }
        (parts.user, parts.password, parts.query, parts.fragment) = (nil, nil, nil, nil)
        while parts.path.hasSuffix("/") { parts.path.removeLast() }
        guard let address = parts.url else {
            throw .invalid(
                what: "MLFLOW_TRACKING_URI", reason: "it is not an address of a server",
                advice: "Set it to an address such as https://mlflow.example.com.")
        }
        let client = Clients.client(for: address, environment, patience)
        let hidden = credentials.hidingPassword(ofProxy: Clients.proxy(for: address, environment))
        return MLflowServer(
            address: address, connection: Connection(client: client, credentials: hidden, patience: patience),
            environment: environment)
    }

    /// Returns the text with a mark in place of the password or the token of the server.
    ///
    /// - Parameter text: The text.
    /// - Returns: The text without secrets.
    public func redact(_ text: String) -> String { connection.credentials.redact(text) }

    /// Calls a method of the interface, with a document as its body, and reads the document that it answers with.
    func call<Reply: Decodable>(
        _ method: HTTPMethod, _ path: String, _ body: some Encodable, isRepeatable: Bool = true,
        as type: Reply.Type = Reply.self
    ) async throws -> Reply {
        let data = try JSONEncoder().encode(body)
        return try await answer(
            method, "\(address.absoluteString)/api/2.0/mlflow/\(path)", .bytes(data), isRepeatable: isRepeatable)
    }

    /// Calls a method of the interface that only reads.
    func get<Reply: Decodable>(
        _ path: String, _ query: [(String, String)], as type: Reply.Type = Reply.self
    ) async throws -> Reply {
        let query = query.map { "\(percentEncoded($0))=\(percentEncoded($1))" }.joined(separator: "&")
        return try await answer(.GET, "\(address.absoluteString)/api/2.0/mlflow/\(path)?\(query)", .none)
    }

    private func answer<Reply: Decodable>(
        _ method: HTTPMethod, _ text: String, _ body: Connection.Body, isRepeatable: Bool = true
    ) async throws -> Reply {
        guard let url = URL(string: text) else {
            throw TrackingError.invalid(
                what: text, reason: "it is not an address", advice: "Check MLFLOW_TRACKING_URI.")
        }
        let name = "\(method.rawValue) \(url.withoutSecrets)"
        let answer = try await connection.send(
            method, url, headers: ["Content-Type": "application/json"], body: body, isRepeatable: isRepeatable)
        let data = try await connection.document(answer, name)
        do {
            return try JSONDecoder().decode(Reply.self, from: data.isEmpty ? Data("{}".utf8) : data)
        } catch {
            throw TrackingError.invalid(
                what: name, reason: "the answer is not the JSON that MLflow sends",
                advice: "Check that MLFLOW_TRACKING_URI is the address of an MLflow server.")
        }
    }
}

/// An answer without content.
struct Nothing: Codable, Sendable {}
