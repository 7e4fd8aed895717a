import NIOCore
import NIOHTTP1
import Telemetry

/// One request, with its complete body or the reason why it was refused.
struct Request: Sendable {
    /// The body of a request.
    enum Body: Equatable, Sendable {
        case complete(ByteBuffer)
        /// The request is not valid, too large, or took too long.
        ///
        /// The text says why. The rest of the request was not read.
        case refused(HTTPResponseStatus, String)
    }

    /// The reason why a body with more than `bodyLimit` bytes is refused.
    static let tooLarge = "The body has more than \(bodyLimit) bytes."

    /// The most bytes of a body.
    static let bodyLimit = 64 * 1024

    var method: HTTPMethod
    /// The path without the query.
    var path: String
    var accept: String
    /// The media type of the body in lower case, without parameters, or an empty text.
    var mediaType: String
    /// The header `Content-Encoding`, or an empty text.
    var contentEncoding: String
    /// The key of the client, from `X-API-Key`, or else from `Authorization: Bearer`, or nil.
    ///
    /// Platforms that check callers themselves, such as Cloud Run, need `Authorization` for a token of their own.
    var apiKey: String?
    /// The header `Idempotency-Key`, or nil.
    var idempotencyKey: String?
    /// The header `If-None-Match`, or an empty text.
    var ifNoneMatch: String
    /// The website whose page sends the request, or nil.
    var origin: String?
    /// Whether a browser asks if the page may send a request.
    var isPreflight: Bool
    /// The addresses in `X-Forwarded-For`, with commas between them.
    var forwardedFor: String
    /// The address at the other end of the connection, or nil if it is not known.
    var peer: SocketAddress?
    /// Whether the caller has invoked the function itself, for which the platform asks for a permission.
    var isInvocation = false
    /// The header `Host`, or an empty text.
    var host: String
    /// The scheme that the client has used, as far as a proxy says it.
    var scheme: String
    /// The name of the request in the log.
    var id: String
    var trace: Trace?
    var body: Body
    /// Whether the connection is beyond the limit, so that only requests of platforms are answered.
    var isSurplus = false

    init(head: HTTPRequestHead, body: Body, isSurplus: Bool = false, peer: SocketAddress? = nil) {
        method = head.method
        path = head.path
        accept = head.headers[canonicalForm: "accept"].joined(separator: ",")
        mediaType = String((head.headers.first(name: "content-type") ?? "").prefix { $0 != ";" && $0 != " " })
            .lowercased()
        contentEncoding = head.headers[canonicalForm: "content-encoding"].joined(separator: ",")
        apiKey = head.headers.first(name: "x-api-key") ?? head.bearerToken
        idempotencyKey = head.headers.first(name: "idempotency-key")
        ifNoneMatch = head.headers["if-none-match"].joined(separator: ",")
        origin = head.headers.first(name: "origin")
        isPreflight = head.method == .OPTIONS && head.headers.contains(name: "access-control-request-method")
        forwardedFor = head.headers["x-forwarded-for"].joined(separator: ",")
        host = String((head.headers.first(name: "host") ?? "").prefix(255))
        scheme = head.headers.first(name: "x-forwarded-proto") == "https" ? "https" : "http"
        id = RequestID.read(head.headers.first(name: "x-request-id"))
        self.peer = peer
        trace = Trace(
            traceparent: head.headers.first(name: "traceparent"),
            tracestate: head.headers["tracestate"].joined(separator: ","),
            cloud: head.headers.first(name: "x-cloud-trace-context"),
            amazon: head.headers.first(name: "x-amzn-trace-id"))
        self.body = body
        self.isSurplus = isSurplus
    }
}
