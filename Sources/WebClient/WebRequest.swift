public import NIOCore
import NIOHTTP1

/// A request with the method POST, and how long it may take.
public struct WebRequest: Sendable {
    /// Where it is sent.
    public var address: WebAddress
    /// The headers, without those that every request has.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]
    /// The time for the connection, and then for the answer.
    public var timeout: TimeAmount
    /// The number of bytes of an answer that are kept.
    public var answerLimit: Int

    /// Describes a request.
    ///
    /// - Parameters:
    ///   - address: Where it is sent.
    ///   - headers: The headers, without those that every request has.
    ///   - body: The body.
    ///   - timeout: The time that the answer may take.
    ///   - answerLimit: The number of bytes of an answer that are kept.
    public init(
        _ address: WebAddress, headers: [(name: String, value: String)], body: [UInt8], timeout: TimeAmount,
        answerLimit: Int = 1000
    ) {
        (self.address, self.headers, self.body) = (address, headers, body)
        (self.timeout, self.answerLimit) = (timeout, answerLimit)
    }

    /// Sends the request on a connection of its own.
    ///
    /// - Parameter eventLoop: Where the connection lives.
    /// - Returns: The answer, whatever its status is, or a `DeliveryFailure`.
    public func send(on eventLoop: any EventLoop) -> EventLoopFuture<WebAnswer> {
        let result = eventLoop.makePromise(of: WebAnswer.self)
        let connection = ClientConnection.open(
            host: address.host, port: address.port, usesTLS: address.usesTLS, on: eventLoop
        ) { pipeline in
            try pipeline.addHTTPClientHandlers()
            try pipeline.addHandler(WebExchange(self, result))
        }
        connection.cascadeFailure(to: result)
        return result.futureResult
    }
}

/// The answer to a request.
public struct WebAnswer: Sendable {
    /// The status of HTTP.
    public var status: Int
    /// The header `Retry-After`, or nil.
    public var retryAfter: String?
    /// The header `Location`, or nil.
    public var location: String?
    /// The first bytes of the body.
    public var body: [UInt8]
}
