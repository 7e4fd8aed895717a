import Foundation
import NIOCore
import NIOHTTP1

/// Sends requests to a store, and says in errors what a user of this store can do.
struct StoreConnection: Sendable {
    let connection: Connection
    /// What to do if the store refuses the account.
    let accountAdvice: String

    /// Sends a request, and reads the document that answers it.
    ///
    /// A status from 200 to 299, and one of `statuses`, is no error.
    @discardableResult
    func call(
        _ method: HTTPMethod, _ url: URL, headers: HTTPHeaders = [:], body: Connection.Body = .none,
        accepting statuses: Set<Int> = []
    ) async throws -> (status: Int, headers: HTTPHeaders, document: Data) {
        let name = "\(method.rawValue) \(url.withoutSecrets)"
        return try await mapped {
            let answer = try await connection.send(method, url, headers: headers, body: body)
            if statuses.contains(answer.status) {
                _ = try? await answer.body.collect(upTo: 64 << 10)
                return (answer.status, answer.headers, Data())
            }
            return (answer.status, answer.headers, try await connection.document(answer, name))
        }
    }

    /// Fetches a file in pieces, goes on where a connection breaks, and compares the digest that the store states.
    func fetch(
        _ url: URL, headers: HTTPHeaders = [:], _ receive: (ByteBuffer) throws -> Void
    ) async throws {
        try await mapped { try await connection.fetch(url, headers: headers, receive) }
    }

    /// Calls `body`, and turns the errors that are those of a server of MLflow into those of a store.
    private func mapped<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch TrackingError.refused(let request, let status, let code, let detail) {
            let reason = (["the store answered \(status)"] + [code, detail].filter { !$0.isEmpty }).joined(
                separator: ", ")
            throw TrackingError.store(request: request, status: status, reason: reason, advice: advice(status))
        } catch TrackingError.unreachable(let request, let reason) {
            throw TrackingError.store(
                request: request, status: nil, reason: reason, advice: "Check the address, the network and the store.")
        }
    }

    private func advice(_ status: Int) -> String {
        switch status {
        case 300..<400: "Redirects are not followed, because they could lead to another host. Give the final address."
        case 400, 401, 403: accountAdvice
        case 404: "Check the address and the path."
        case 412: "The file has changed while it was fetched. Fetch it again."
        default: "Try again later, or ask the operator of the store."
        }
    }
}

extension Connection {
    /// Connects to a store, with the proxy and the certificates that the environment names, and those in another file.
    init(
        to url: URL, _ environment: [String: String], certificates: String?, _ credentials: Credentials,
        _ patience: Patience, authorize: Authorize? = nil
    ) {
        var environment = environment
        // Certificates for a tracking server are not trusted for a store.
        environment["MLFLOW_TRACKING_SERVER_CERT_PATH"] = nil
        if let certificates, !certificates.isEmpty { environment["SSL_CERT_FILE"] = certificates }
        let proxy = Clients.proxy(for: url, environment)
        self.init(
            client: Clients.client(for: url, environment, patience),
            credentials: credentials.hidingPassword(ofProxy: proxy),
            patience: patience, authorize: authorize)
    }
}

extension TrackingError {
    /// Whether a store may answer the same request a moment later.
    var isPassing: Bool {
        guard case .store(_, let status, _, _) = self else { return false }
        return status.map { Patience.passing.contains($0) } ?? true
    }
}
