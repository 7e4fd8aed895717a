import Foundation
import NIOCore
import NIOHTTP1

/// One repository of a registry: source and sink of images.
///
/// - Source: OCI distribution-spec 1.1.1.
public struct Registry: Sendable {
    public let reference: Reference
    let session: Session

    /// Bytes a manifest, an index or a configuration may have; registries need not take more.
    static let largestDocument = 4 << 20

    /// Asks the registry how it wants to be spoken to.
    ///
    /// - Parameter allowsHTTP: speak without TLS if there is none; done without asking for this machine only.
    public static func connect(
        _ reference: Reference, credentials: Credentials = Credentials(), allowsHTTP: Bool = false
    )
        async throws -> Registry
    {
        try await connect(
            reference, credentials: credentials, allowsHTTP: allowsHTTP, retry: RetryPolicy(), transport: .shared)
    }

    static func connect(
        _ reference: Reference, credentials: Credentials, allowsHTTP: Bool, retry: RetryPolicy, transport: Transport
    ) async throws -> Registry {
        Registry(
            reference: reference,
            session: try await Session.connect(
                reference, credentials: credentials, allowsHTTP: allowsHTTP, retry: retry, transport: transport))
    }

    func url(_ path: String) -> URL { session.base.appendingPathComponent("\(reference.repository)/\(path)") }

    func scope(_ actions: String) -> String { "repository:\(reference.repository):\(actions)" }

    /// The error for an answer that is none of those expected.
    func refusal(_ request: String, _ answer: Transport.Answer) async -> ContainerImageError {
        struct Errors: Decodable {
            struct Entry: Decodable {
                var code: String?
                var message: String?
            }
            var errors: [Entry]
        }
        let body = await answer.body()
        let entries = (try? JSONDecoder().decode(Errors.self, from: Data(body.readableBytesView)))?.errors ?? []
        let detail = entries.map { [$0.code, $0.message].compactMap { $0 }.joined(separator: ": ") }.joined(
            separator: "; ")
        let advice =
            switch answer.status {
            case 401, 403:
                "Check that you are logged in to \(reference.familiarHost) and may write to \(reference.repository)."
            case 404: "Check the name; some registries want the repository made before."
            case 413: "The registry takes no upload of this size."
            case 429: "It asks for patience; try again later."
            case 500...: "It is the registry's fault; try again later."
            default: "Check that \(reference.familiarHost) is an OCI registry."
            }
        return .refused(
            request: "\(request) of \(reference.familiarName)", status: answer.status,
            detail: String(detail.prefix(500)).singleLine, advice: advice)
    }
}
