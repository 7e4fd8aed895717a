import NIOCore
import NIOHTTP1

/// One request, whole.
struct Request: Sendable {
    var method: HTTPMethod
    /// Without the query.
    var path: String
    var accept: String
    var trace: Trace?
    var body: ByteBuffer

    init(head: HTTPRequestHead, body: ByteBuffer) {
        method = head.method
        path = String(head.uri.prefix { $0 != "?" })
        accept = head.headers[canonicalForm: "accept"].joined(separator: ",")
        trace = Trace(
            traceparent: head.headers.first(name: "traceparent"),
            cloud: head.headers.first(name: "x-cloud-trace-context"))
        self.body = body
    }
}

/// One response, whole.
struct Response: Sendable {
    var status: HTTPResponseStatus
    var contentType: String
    var headers: [(String, String)] = []
    var body: ByteBuffer

    init(_ status: HTTPResponseStatus = .ok, _ contentType: String, _ body: String, headers: [(String, String)] = []) {
        self.status = status
        self.contentType = contentType
        self.body = ByteBuffer(string: body)
        self.headers = headers
    }

    static func json(_ status: HTTPResponseStatus = .ok, _ write: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter()
        write(&writer)
        return Response(status, "application/json", writer.text)
    }
}

/// Why a request is not answered as it wishes.
///
/// - Source: RFC 9457, Problem Details for HTTP APIs.
struct Problem: Error, Sendable {
    var status: HTTPResponseStatus
    var detail: String
    var headers: [(String, String)] = []

    var response: Response {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "about:blank")
        writer.member("title", status.reasonPhrase)
        writer.member("status", .number(Double(status.code)))
        writer.member("detail", detail)
        writer.endObject()
        return Response(status, "application/problem+json", writer.text, headers: headers)
    }
}
