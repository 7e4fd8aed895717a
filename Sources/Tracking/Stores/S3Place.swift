import Crypto
import Foundation

/// Where a bucket is: its name is a part of the host, or the first part of the path.
struct S3Place: Sendable {
    /// The address of the bucket.
    let base: URL

    /// - Throws: `TrackingError.invalid` if the address of the store is not valid.
    init(bucket: String, _ configuration: AWSConfiguration) throws(TrackingError) {
        let address = configuration.endpoint ?? "https://s3.\(configuration.region).amazonaws.com"
        guard var parts = URLComponents(string: address), parts.scheme == "http" || parts.scheme == "https",
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.query == nil
        else {
            throw .invalid(
                what: "the address of the store", reason: "it is not an address such as https://minio.example.com:9000",
                advice: "Set MLFLOW_S3_ENDPOINT_URL or AWS_ENDPOINT_URL_S3.")
        }
        while parts.path.hasSuffix("/") { parts.path.removeLast() }
        // No certificate fits a host with further points, and few stores of one's own have a host for each bucket.
        let isVirtual =
            configuration.addressing == "virtual"
            || configuration.addressing != "path" && configuration.endpoint == nil && !bucket.contains(".")
        if isVirtual { parts.host = "\(bucket).\(host)" } else { parts.path += "/\(bucket)" }
        guard let base = parts.url else {
            throw .invalid(
                what: "s3://\(bucket)", reason: "it does not name a bucket", advice: "Write s3://BUCKET/FOLDER.")
        }
        self.base = base
    }

    /// The address of an object, or of the bucket for an empty path.
    func url(_ path: String) throws(TrackingError) -> URL {
        var base = base.absoluteString
        while base.hasSuffix("/") { base.removeLast() }
        guard let url = URL(string: "\(base)/\(percentEncoded(path, slashes: true))") else {
            throw .invalid(what: path, reason: "it is not a path", advice: "Check the name of the artifact.")
        }
        return url
    }
}

/// The SHA-256 of bytes in hexadecimal digits.
func bodyDigest(_ data: Data) -> String { hexadecimal(SHA256.hash(data: data)) }

/// The text with references instead of the characters that mean something in XML.
func xmlText(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
}
