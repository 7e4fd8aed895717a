import NIOCore
import NIOHTTP1

/// One request, with its complete body or the reason why it was refused.
struct Request: Sendable {
    /// The body of a request.
    enum Body: Equatable, Sendable {
        case complete(ByteBuffer)
        /// The body has more than `Request.bodyLimit` bytes.
        ///
        /// The rest of it was not read.
        case tooLarge
        /// The request is not valid HTTP.
        ///
        /// The text says why. The rest of the request was not read.
        case malformed(String)
    }

    /// The most bytes of a body.
    static let bodyLimit = 64 * 1024

    var method: HTTPMethod
    /// The path without the query.
    var path: String
    var accept: String
    var trace: Trace?
    var body: Body

    init(head: HTTPRequestHead, body: Body) {
        method = head.method
        path = String(head.uri.prefix { $0 != "?" })
        accept = head.headers[canonicalForm: "accept"].joined(separator: ",")
        trace = Trace(
            traceparent: head.headers.first(name: "traceparent"),
            cloud: head.headers.first(name: "x-cloud-trace-context"))
        self.body = body
    }
}
