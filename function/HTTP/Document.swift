import ModelFile
import NIOCore
import NIOHTTP1

/// A document that stays the same while the function runs.
///
/// A client that has it already asks only whether it has changed.
///
/// - Source: RFC 9110, sections 8.8.3, 13.1.2 and 15.4.5.
struct Document: Sendable {
    private let contentType: String
    private let body: ByteBuffer
    private let headers: [(String, String)]
    /// The entity tag, which is a digest of the document.
    let tag: String

    init(_ contentType: String, _ bytes: [UInt8], headers: [(String, String)] = []) {
        self.contentType = contentType
        body = ByteBuffer(bytes: bytes)
        tag = "\"\(KeyedHash.hexadecimal(KeyedHash.sha256(bytes)).prefix(32))\""
        self.headers = [("ETag", tag), ("Cache-Control", "no-cache")] + headers
    }

    /// The document, or status 304 if the client has it.
    func response(to request: Request) -> Response {
        isKnown(to: request)
            ? Response(.notModified, "", ByteBuffer(), headers: headers)
            : Response(.ok, contentType, body, headers: headers)
    }

    private func isKnown(to request: Request) -> Bool {
        request.ifNoneMatch.split(separator: ",").contains { entry in
            let known = entry.filter { $0 != " " && $0 != "\t" }
            return known == "*" || (known.hasPrefix("W/") ? known.dropFirst(2) : known[...]) == tag
        }
    }
}
