import Foundation
import NIOCore
import NIOHTTP1

/// One repository of a registry, which images are pushed to and pulled from.
///
/// - Source: OCI distribution-spec 1.1.1.
public struct Registry: Sendable {
    /// The name of the image in the registry.
    public let reference: Reference
    let session: Session

    /// Connects to a registry, and finds out how it wants requests to be authorized.
    ///
    /// - Parameters:
    ///   - reference: The name of an image.
    ///   - credentials: The places where a credential for the registry may be.
    ///   - allowsHTTP: Whether to try plain HTTP if the registry does not speak TLS. A registry on this machine may
    ///     always speak plain HTTP.
    ///   - allowsPrivateRedirects: Whether the registry may name other hosts with private addresses: for blobs, for
    ///     uploads, and for tokens.
    /// - Returns: The repository of the image.
    /// - Throws: `ContainerImageError` if the registry does not answer, or a credential file is not valid.
    public static func connect(
        _ reference: Reference, credentials: Credentials = Credentials(), allowsHTTP: Bool = false,
        allowsPrivateRedirects: Bool = false
    ) async throws -> Registry {
        try await connect(
            reference, credentials: credentials, allowsHTTP: allowsHTTP,
            allowsPrivateRedirects: allowsPrivateRedirects, retry: RetryPolicy(), transport: .shared)
    }

    /// The same with another retry policy and HTTP client.
    static func connect(
        _ reference: Reference, credentials: Credentials, allowsHTTP: Bool, allowsPrivateRedirects: Bool = false,
        retry: RetryPolicy, transport: Transport
    ) async throws -> Registry {
        Registry(
            reference: reference,
            session: try await Session.connect(
                reference, credentials: credentials, allowsHTTP: allowsHTTP,
                allowsPrivateRedirects: allowsPrivateRedirects, retry: retry, transport: transport))
    }

    /// The address of something in the repository.
    func url(_ path: String) -> URL { session.base.appendingPathComponent("\(reference.repository)/\(path)") }

    /// The scope of a token that allows `actions` in the repository.
    func scope(_ actions: String) -> String { "repository:\(reference.repository):\(actions)" }

    /// The error for an answer with an unexpected status.
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
        let detail = entries.map { [$0.code, $0.message].compactMap { $0 }.joined(separator: ": ") }
            .joined(separator: "; ")
        let advice =
            switch answer.status {
            case 401, 403:
                "Check that you are logged in to \(reference.familiarHost) and may write to \(reference.repository)."
            case 404: "Check the name. Some registries need the repository to be created first."
            case 413: "The registry does not accept an upload of this size."
            case 429: "The registry limits the number of requests; try again later."
            case 500...: "The registry has a problem; try again later."
            default: "Check that \(reference.familiarHost) is an OCI registry."
            }
        return .refused(
            request: "\(request) of \(reference.familiarName)", status: answer.status,
            detail: String(session.redact(detail).prefix(500)).singleLine, advice: advice)
    }
}
