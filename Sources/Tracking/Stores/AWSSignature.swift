import Crypto
import Foundation
import NIOHTTP1

/// Signs requests to S3: AWS Signature Version 4, with the digest of the body.
///
/// - Source: Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in a Single
///   Chunk".
struct AWSSignature: Sendable {
    let account: AWSAccount
    let region: String

    /// The digest of a body without bytes.
    static let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// The headers of a request with its signature.
    ///
    /// All `headers` are signed. Among them, `x-amz-content-sha256` is the digest of the body, or missing if there is none.
    func sign(_ method: HTTPMethod, _ url: URL, _ headers: HTTPHeaders, at date: Date = Date()) -> HTTPHeaders {
        let time = Self.time(date)
        var headers = headers
        let digest = headers.first(name: "x-amz-content-sha256") ?? Self.emptyDigest
        headers.replaceOrAdd(name: "x-amz-content-sha256", value: digest)
        headers.replaceOrAdd(name: "x-amz-date", value: time)
        if let token = account.token { headers.replaceOrAdd(name: "x-amz-security-token", value: token) }
        let signed = (headers.map { (name: $0.name.lowercased(), value: $0.value) } + [("host", Self.host(url))])
            .sorted { $0.name < $1.name }
        let names = signed.map(\.name).joined(separator: ";")
        let parts = URLComponents(url: url, resolvingAgainstBaseURL: false)
        let path = parts?.percentEncodedPath ?? ""
        let query = (parts?.percentEncodedQuery ?? "").split(separator: "&").map {
            $0.contains("=") ? String($0) : "\($0)="
        }.sorted()
        let canonical = [
            method.rawValue, path.isEmpty ? "/" : path, query.joined(separator: "&"),
            signed.map { "\($0.name):\($0.value.trimmingCharacters(in: .whitespaces))\n" }.joined(), names, digest,
        ].joined(separator: "\n")
        let day = String(time.prefix(8))
        let scope = "\(day)/\(region)/s3/aws4_request"
        let text = ["AWS4-HMAC-SHA256", time, scope, hexadecimal(SHA256.hash(data: Data(canonical.utf8)))]
            .joined(separator: "\n")
        let signature = hexadecimal(Self.hash(text, key(day)))
        headers.replaceOrAdd(
            name: "Authorization",
            value: "AWS4-HMAC-SHA256 Credential=\(account.key)/\(scope),SignedHeaders=\(names),Signature=\(signature)")
        return headers
    }

    /// The key for a day, a region and a service.
    private func key(_ day: String) -> SymmetricKey {
        let start = SymmetricKey(data: Data("AWS4\(account.secret)".utf8))
        return [day, region, "s3", "aws4_request"].reduce(start) { SymmetricKey(data: Data(Self.hash($1, $0))) }
    }

    private static func hash(_ text: String, _ key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
    }

    /// The header `Host` as the client sends it: with the port unless it is the usual one.
    private static func host(_ url: URL) -> String {
        let usual = url.scheme == "https" ? 443 : 80
        return (url.host ?? "") + (url.port.map { $0 == usual ? "" : ":\($0)" } ?? "")
    }

    /// A time such as `20130524T000000Z`.
    private static func time(_ date: Date) -> String {
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withYear, .withMonth, .withDay, .withTime, .withTimeZone]
        return format.string(from: date)
    }
}
