import JSON
import NIOCore
import NIOHTTP1

extension LambdaEvent {
    /// What the runtime API gets for an event.
    enum Answer: Equatable {
        /// The result of the invocation.
        case result(ByteBuffer)
        /// The invocation has failed.
        case failure(InvocationError)
    }

    /// The response in the form that the sender of the event expects.
    ///
    /// All responses of the function are text, so none is encoded as Base64.
    func answer(_ response: Response) -> Answer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("statusCode", .number(Double(response.status.code)))
        switch source {
        case .caller:
            guard response.status.code >= 400 else { return .result(response.body) }
            return .failure(InvocationError(response))
        case .httpAPI: writer.append(response, multiValue: false)
        case .restAPI(let multiValue): writer.append(response, multiValue: multiValue)
        case .loadBalancer(let multiValue):
            writer.member("statusDescription", "\(response.status.code) \(response.status.reasonPhrase)")
            writer.append(response, multiValue: multiValue)
        }
        writer.member("body", request.method == .HEAD ? "" : String(buffer: response.body))
        writer.member("isBase64Encoded", .bool(false))
        writer.endObject()
        return .result(ByteBuffer(bytes: writer.bytes))
    }
}

extension JSONWriter {
    fileprivate mutating func append(_ response: Response, multiValue: Bool) {
        key(multiValue ? "multiValueHeaders" : "headers")
        beginObject()
        for (name, value) in response.fields { member(name, multiValue ? .array([.string(value)]) : .string(value)) }
        endObject()
    }
}

/// The reason why an invocation has failed, as the caller of the function gets it.
struct InvocationError: Equatable {
    /// What is wrong, for people.
    var message: String
    /// The kind of the error, for programs.
    var type: String

    init(message: String, type: String) {
        (self.message, self.type) = (message, type)
    }

    /// The error that a response describes.
    init(_ response: Response) {
        let problem = try? JSON(parsing: response.body.readableBytesView)
        let detail = if case .string(let text)? = problem?["detail"] { text } else { response.status.reasonPhrase }
        self.init(message: detail, type: "Function.\(response.status.reasonPhrase.filter { $0 != " " })")
    }

    var json: ByteBuffer {
        var writer = JSONWriter()
        writer.value(["errorMessage": .string(message), "errorType": .string(type)])
        return ByteBuffer(bytes: writer.bytes)
    }
}
