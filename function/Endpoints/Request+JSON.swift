import JSON
import NIOCore
import NIOHTTP1

extension Request {
    /// Reads the body as JSON.
    ///
    /// The media type does not have to be that of JSON, because many clients do not set it. `curl -d`, for example,
    /// sends JSON as a form.
    ///
    /// - Parameter body: The bytes of the body.
    /// - Returns: The JSON value.
    /// - Throws: `Problem` with status 415 if the body is compressed, multipart or a form, and with status 400 if it is
    ///   not JSON.
    func json(_ body: ByteBuffer) throws(Problem) -> JSON {
        guard contentEncoding.isEmpty || contentEncoding.lowercased() == "identity" else {
            throw Problem(
                status: .unsupportedMediaType,
                detail: "The body has the Content-Encoding '\(contentEncoding.prefix(100))', but the function does not "
                    + "decompress bodies. Send the JSON as it is.",
                headers: [("Accept-Encoding", "identity")])
        }
        guard !mediaType.hasPrefix("multipart/") else { throw unsupportedMediaType }
        do {
            return try JSON(parsing: body.readableBytesView)
        } catch {
            guard mediaType != "application/x-www-form-urlencoded" else { throw unsupportedMediaType }
            throw Problem(status: .badRequest, detail: "The body is not valid JSON: \(error).")
        }
    }

    /// The headers name what would have been accepted.
    ///
    /// - Source: RFC 9110, section 15.5.16.
    private var unsupportedMediaType: Problem {
        Problem(
            status: .unsupportedMediaType,
            detail: "The body is '\(mediaType.prefix(100))', expected JSON such as {\"text\": \"…\"} with the "
                + "Content-Type application/json.",
            headers: [("Accept", "application/json")])
    }
}
