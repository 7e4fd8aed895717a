import ModelFile
import NIOCore
import NIOHTTP1

/// The runtime API of AWS Lambda, from which a function takes its invocations.
///
/// Its methods wait for the answer.
///
/// - Source: AWS Lambda, runtime API, version 2018-06-01.
struct RuntimeAPI: Sendable {
    /// One invocation of the function.
    struct Invocation {
        var id: String
        /// The trace header of AWS X-Ray.
        var trace: String?
        var payload: ByteBuffer
    }

    private let address: RuntimeAddress
    private let client: RuntimeClient

    init(_ address: RuntimeAddress, on eventLoop: any EventLoop) {
        self.address = address
        client = RuntimeClient(address, on: eventLoop)
    }

    /// Waits for the next invocation, as long as it takes.
    ///
    /// - Throws: `RuntimeAPIError` if there will be none.
    func next() throws(RuntimeAPIError) -> Invocation {
        let response = try exchange(.GET, "invocation/next")
        guard response.head.status == .ok, let id = response.head.headers.first(name: "lambda-runtime-aws-request-id")
        else { throw RuntimeAPIError(address, "invocation/next", response.head.status) }
        return Invocation(
            id: id, trace: response.head.headers.first(name: "lambda-runtime-trace-id"),
            payload: response.body ?? ByteBuffer())
    }

    /// Delivers the answer to an invocation.
    ///
    /// - Returns: The status with which the runtime API refuses this answer, or nil. The next invocation may follow in
    ///   both cases.
    /// - Throws: `RuntimeAPIError` if no invocation will follow.
    func answer(_ id: String, with answer: LambdaEvent.Answer) throws(RuntimeAPIError) -> HTTPResponseStatus? {
        let (path, response): (String, NIOHTTPClientResponseFull)
        switch answer {
        case .result(let body):
            path = "invocation/\(id)/response"
            response = try exchange(.POST, path, body)
        case .failure(let error):
            path = "invocation/\(id)/error"
            response = try exchange(.POST, path, error.json, errorType: error.type)
        }
        switch response.head.status.code {
        case 200..<300: return nil
        case 400, 413: return response.head.status  // The invocation is over, or its answer is too large.
        default: throw RuntimeAPIError(address, path, response.head.status)
        }
    }

    /// Reports that the function cannot start.
    ///
    /// - Throws: `RuntimeAPIError` if the runtime API does not answer.
    func reportInitializationError(_ error: InvocationError) throws(RuntimeAPIError) {
        _ = try exchange(.POST, "init/error", error.json, errorType: error.type)
    }

    /// Closes the connection, so that a method that waits for an answer fails.
    func close() { client.close() }

    private func exchange(
        _ method: HTTPMethod, _ path: String, _ body: ByteBuffer = ByteBuffer(), errorType: String? = nil
    ) throws(RuntimeAPIError) -> NIOHTTPClientResponseFull {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: "/2018-06-01/runtime/\(path)")
        head.headers.add(name: "Host", value: "\(address)")
        head.headers.add(name: "User-Agent", value: "pinson/\(pinsonVersion)")
        if method == .POST {
            head.headers.add(name: "Content-Type", value: "application/json")
            head.headers.add(name: "Content-Length", value: "\(body.readableBytes)")
        }
        if let errorType { head.headers.add(name: "Lambda-Runtime-Function-Error-Type", value: errorType) }
        do {
            return try client.send(head, body)
        } catch {
            throw RuntimeAPIError(address, path, lost: "\(error)")
        }
    }
}

/// The runtime API gives the function no more invocations.
struct RuntimeAPIError: Error, Equatable, CustomStringConvertible {
    let description: String

    /// The runtime API has answered with an unexpected status.
    init(_ address: RuntimeAddress, _ path: String, _ status: HTTPResponseStatus) {
        description =
            "The runtime API at \(address) answered '\(path)' with \(status.code) \(status.reasonPhrase). "
            + "The function ends, so that Lambda starts it again."
    }

    /// The connection was lost, or could not be opened.
    init(_ address: RuntimeAddress, _ path: String, lost reason: String) {
        description =
            "The runtime API at \(address) did not answer '\(path)' after \(RuntimeClient.attempts) attempts: "
            + "\(reason). To serve HTTP instead, remove the variable AWS_LAMBDA_RUNTIME_API."
    }
}
