import JSON
import NIOCore
import NIOHTTP1

/// One complete response.
struct Response: Sendable {
    var status: HTTPResponseStatus
    /// The media type, or an empty text if there is no body.
    var contentType: String
    var headers: [(String, String)] = []
    var body: ByteBuffer

    init(_ status: HTTPResponseStatus, _ contentType: String, _ body: ByteBuffer, headers: [(String, String)] = []) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.headers = headers
    }

    /// All headers that do not depend on the connection.
    var fields: [(String, String)] {
        (contentType.isEmpty ? [] : [("Content-Type", contentType)])
            + [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")] + headers
    }

    /// A response whose body is the JSON that `write` writes.
    static func json(
        _ status: HTTPResponseStatus = .ok, type: String = "application/json", headers: [(String, String)] = [],
        _ write: (inout JSONWriter) -> Void
    ) -> Response {
        var writer = JSONWriter()
        write(&writer)
        return Response(status, type, ByteBuffer(bytes: writer.bytes), headers: headers)
    }

    /// A response whose body is a JSON value.
    static func json(_ status: HTTPResponseStatus = .ok, value: JSON) -> Response {
        json(status) { $0.value(value) }
    }
}

/// The reason why a request is answered with an error.
///
/// - Source: RFC 9457, Problem Details for HTTP APIs.
struct Problem: Error, Sendable {
    var status: HTTPResponseStatus
    /// What was found, what was expected, and what to do.
    var detail: String
    var headers: [(String, String)] = []

    /// The connection is one too many.
    static let tooManyConnections = Problem(
        status: .tooManyRequests, detail: "Too many connections are open. Send the request again later.",
        headers: [("Retry-After", "1")])

    var response: Response {
        .json(status, type: "application/problem+json", headers: headers) { writer in
            writer.value([
                "type": .string("about:blank"), "title": .string(status.reasonPhrase),
                "status": .number(Double(status.code)), "detail": .string(detail),
            ])
        }
    }
}
