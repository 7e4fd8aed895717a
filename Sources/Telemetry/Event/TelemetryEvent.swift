/// Something that has happened, which each format writes in its own way.
public struct TelemetryEvent: Sendable {
    /// What has happened.
    public enum Content: Sendable {
        /// A request was answered.
        case request(AnsweredRequest)
        /// Something to be known.
        case message(String, Severity)
        /// Something has failed.
        case exception(type: String, message: String, Severity)
        /// The metrics as they are now, which began at a time.
        case metrics([Metric], since: Timestamp)
    }

    /// When it has happened, or when the request arrived.
    public var time: Timestamp
    /// The request that it belongs to, or nil.
    public var trace: Trace?
    /// What has happened.
    public var content: Content
    /// More about it.
    public var attributes: [Attribute]

    /// Describes an event.
    ///
    /// - Parameters:
    ///   - content: What has happened.
    ///   - attributes: More about it.
    ///   - trace: The request that it belongs to.
    ///   - time: When it has happened.
    public init(
        _ content: Content, _ attributes: [Attribute] = [], trace: Trace? = nil, time: Timestamp = .now
    ) {
        (self.content, self.attributes, self.trace, self.time) = (content, attributes, trace, time)
    }

    /// The number of bytes that it takes in memory, approximately.
    var bytes: Int {
        let content =
            switch content {
            case .request(let request): request.path.utf8.count + request.host.utf8.count + request.id.utf8.count
            case .message(let text, _): text.utf8.count
            case .exception(let type, let message, _): type.utf8.count + message.utf8.count
            case .metrics(let metrics, _): metrics.reduce(0) { $0 + 200 + 200 * $1.samples.count }
            }
        return attributes.reduce(500 + content + (trace?.state.utf8.count ?? 0)) { sum, attribute in
            guard case .string(let text) = attribute.value else { return sum + 50 }
            return sum + 50 + text.utf8.count
        }
    }
}

/// A request and its answer.
public struct AnsweredRequest: Sendable {
    /// The method, such as `POST`.
    public var method: String
    /// The scheme that the client has used.
    public var scheme: String
    /// The header `Host`, or an empty text.
    public var host: String
    /// The path without the query.
    public var path: String
    /// The name under which requests to such paths are counted.
    public var route: String
    /// The status of the answer.
    public var status: Int
    /// The time that the answer took, in nanoseconds.
    public var duration: Int
    /// The name of the request in the log.
    public var id: String

    /// Describes a request.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - scheme: The scheme that the client has used.
    ///   - host: The header `Host`, or an empty text.
    ///   - path: The path without the query.
    ///   - route: The name under which requests to such paths are counted.
    ///   - status: The status of the answer.
    ///   - duration: The time that the answer took, in nanoseconds.
    ///   - id: The name of the request in the log.
    public init(
        method: String, scheme: String, host: String, path: String, route: String, status: Int, duration: Int,
        id: String
    ) {
        (self.method, self.scheme, self.host, self.path, self.route) = (method, scheme, host, path, route)
        (self.status, self.duration, self.id) = (status, duration, id)
    }
}
