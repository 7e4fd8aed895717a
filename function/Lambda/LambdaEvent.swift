import JSON
import NIOCore
import NIOHTTP1

/// The event of one invocation: an HTTP request, or a body for `POST /predict`.
struct LambdaEvent {
    /// The service that sent the event, which decides what the answer looks like.
    enum Source: Equatable {
        /// A function URL, or an HTTP API of API Gateway: payload format 2.0.
        case httpAPI
        /// A REST API of API Gateway: payload format 1.0.
        case restAPI(multiValue: Bool)
        /// An Application Load Balancer.
        case loadBalancer(multiValue: Bool)
        /// A caller of the function itself. The event is the body of a request to `/predict`.
        case caller
    }

    let source: Source
    let request: Request

    /// Reads an event.
    ///
    /// - Parameters:
    ///   - payload: The event, in UTF-8.
    ///   - trace: The trace header of the invocation, which counts if the event has none of its own.
    /// - Source: AWS documentation: Lambda function URLs, API Gateway payload formats 1.0 and 2.0, and Lambda functions
    ///   as targets of Application Load Balancers.
    init(_ payload: ByteBuffer, trace: String?) {
        let event = EventReader.read(payload)
        let context = event["requestContext"]
        let http = context?["http"]
        var (method, path): (String?, String?)
        if event["version"] == .string("2.0"), http?["method"] != nil {
            source = .httpAPI
            method = http?["method"]?.string
            path = event["rawPath"]?.string.map { Self.withoutStage($0, context?["stage"]?.string) }
        } else if context != nil, event["httpMethod"] != nil {
            let isMultiValue = event["multiValueHeaders"]?.members != nil
            source =
                context?["elb"] == nil ? .restAPI(multiValue: isMultiValue) : .loadBalancer(multiValue: isMultiValue)
            method = event["httpMethod"]?.string
            path = event["path"]?.string
        } else {
            source = .caller
        }
        var headers = source == .caller ? HTTPHeaders() : Self.headers(event)
        if let trace, !headers.contains(name: "x-amzn-trace-id") { headers.add(name: "X-Amzn-Trace-Id", value: trace) }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: method ?? "POST"), uri: path ?? "/predict", headers: headers
        )
        let peer = http?["sourceIp"]?.string ?? context?["identity"]?["sourceIp"]?.string
        var request = Request(
            head: head, body: source == .caller ? Self.limited(payload) : Self.body(event),
            peer: peer.flatMap { try? SocketAddress(ipAddress: $0, port: 0) })
        request.isInvocation = source == .caller
        self.request = request
    }

    /// Removes the stage of an API, with which paths begin unless it is the default stage.
    private static func withoutStage(_ path: String, _ stage: String?) -> String {
        guard let stage, stage != "$default", path == "/\(stage)" || path.hasPrefix("/\(stage)/") else { return path }
        let rest = path.dropFirst(stage.count + 1)
        return rest.isEmpty ? "/" : String(rest)
    }

    /// The headers with several values if the event has them, else those with one.
    private static func headers(_ event: JSON) -> HTTPHeaders {
        var headers = HTTPHeaders()
        for member in event["multiValueHeaders"]?.members ?? event["headers"]?.members ?? [] {
            // NIO stops the process if a name has other characters.
            guard !member.key.isEmpty, member.key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { continue }
            let values = if case .array(let values) = member.value { values } else { [member.value] }
            for value in values.compactMap(\.string) { headers.add(name: member.key, value: value) }
        }
        return headers
    }

    private static func body(_ event: JSON) -> Request.Body {
        guard let text = event["body"]?.string else { return .complete(ByteBuffer()) }
        guard event["isBase64Encoded"] == .bool(true) else { return limited(ByteBuffer(string: text)) }
        // Base64 writes three bytes as four characters. Nothing larger than the limit is decoded.
        guard text.utf8.count <= (Request.bodyLimit + 3) / 3 * 4 else {
            return .refused(.payloadTooLarge, Request.tooLarge)
        }
        guard let bytes = Base64.decode(text) else {
            return .refused(
                .badRequest, "The body of the event is not valid Base64, although 'isBase64Encoded' is true.")
        }
        return limited(ByteBuffer(bytes: bytes))
    }

    private static func limited(_ body: ByteBuffer) -> Request.Body {
        body.readableBytes > Request.bodyLimit ? .refused(.payloadTooLarge, Request.tooLarge) : .complete(body)
    }
}

extension JSON {
    fileprivate var string: String? { if case .string(let text) = self { text } else { nil } }

    fileprivate var members: [Member]? { if case .object(let members) = self { members } else { nil } }
}
