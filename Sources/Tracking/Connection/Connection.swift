import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Sends requests to one server, again where that may help, and follows no redirects.
struct Connection: Sendable {
    /// The answer to a request, whose body is still to be read.
    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: HTTPClientResponse.Body
    }

    /// The bytes of a request.
    enum Body: Sendable {
        case none
        case bytes(Data)
        /// A part of a file, which is read while it is sent.
        case file(String, offset: Int64, size: Int64)

        var size: Int64 {
            switch self {
            case .none: 0
            case .bytes(let data): Int64(data.count)
            case .file(_, _, let size): size
            }
        }
    }

    /// Returns the headers of a request with those that prove who sends it.
    typealias Authorize = @Sendable (_ method: HTTPMethod, _ url: URL, _ headers: HTTPHeaders) -> HTTPHeaders

    let client: HTTPClient
    let credentials: Credentials
    let patience: Patience
    /// Signs each attempt, where a header that stays the same is not enough.
    var authorize: Authorize?

    /// Sends a request until it is answered.
    ///
    /// If `isRepeatable` is false, it is sent again only if the server has certainly done nothing.
    func send(
        _ method: HTTPMethod, _ url: URL, headers: HTTPHeaders = [:], body: Body = .none, isRepeatable: Bool = true,
        answerSize: Int64 = 0
    ) async throws -> Answer {
        let name = "\(method.rawValue) \(url.withoutSecrets)"
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = method
        request.headers = headers
        request.headers.replaceOrAdd(name: "User-Agent", value: "pinson")
        if let authorization = credentials.authorization {
            request.headers.replaceOrAdd(name: "Authorization", value: authorization)
        }
        var attempt = 1
        while true {
            do {
                if let authorize {
                    request.headers = authorize(method, url, headers)
                    request.headers.replaceOrAdd(name: "User-Agent", value: "pinson")
                }
                try setBody(&request, body)
                let limit = patience.limit(for: max(body.size, answerSize))
                let response = try await client.execute(request, deadline: .now() + .init(limit))
                let answer = Answer(
                    status: Int(response.status.code), headers: response.headers, body: response.body)
                let mayPass = (isRepeatable ? Patience.passing : Patience.untouched).contains(answer.status)
                guard mayPass, attempt < patience.attempts else { return answer }
                _ = try? await answer.body.collect(upTo: 64 << 10)
                try await patience.wait(after: attempt, answer.headers)
            } catch let error as TrackingError {
                throw credentials.redact(error)  // the body could not be read
            } catch {
                if error is CancellationError { throw error }
                guard attempt < patience.attempts, isRepeatable || Self.isUnconnected(error) else {
                    throw credentials.redact(TrackingError.unreachable(request: name, reason: Self.reason(error)))
                }
                try await patience.wait(after: attempt, nil)
            }
            attempt += 1
        }
    }

    private func setBody(_ request: inout HTTPClientRequest, _ body: Body) throws {
        switch body {
        case .none: request.body = nil
        case .bytes(let data): request.body = .bytes(data, length: .known(Int64(data.count)))
        case .file(let path, let offset, let size):
            request.body = .stream(try FilePart(path, offset: offset, size: size), length: .known(size))
        }
    }

    /// The body of an answer that is a document, with at most 16 MiB, or an error that says what the server refused.
    func document(_ answer: Answer, _ name: String) async throws -> Data {
        do {
            let bytes = try await answer.body.collect(upTo: 16 << 20)
            let data = Data(bytes.readableBytesView)
            guard (200..<300).contains(answer.status) else { throw refusal(answer.status, data, name) }
            return data
        } catch let error as TrackingError {
            throw credentials.redact(error)
        } catch {
            throw credentials.redact(TrackingError.unreachable(request: name, reason: Self.reason(error)))
        }
    }

    /// The error for an answer with the body `data`.
    private func refusal(_ status: Int, _ data: Data, _ name: String) -> TrackingError {
        let problem = RefusalText(data)
        // A secret that is cut in two would no longer be recognized.
        return .refused(
            request: name, status: status, code: credentials.redact(problem.code).cut(to: 100),
            detail: credentials.redact(problem.detail).cut(to: 500))
    }

    /// Whether an error says that there was no connection, so that nothing was sent.
    static func isUnconnected(_ error: any Error) -> Bool {
        error as? HTTPClientError == .connectTimeout || (error as? IOError)?.errnoCode == ECONNREFUSED
    }

    static func reason(_ error: any Error) -> String {
        switch error as? HTTPClientError {
        case .connectTimeout?: "it could not be connected to in time"
        case .readTimeout?, .deadlineExceeded?: "it did not answer in time"
        case .writeTimeout?: "it did not take the bytes in time"
        case .remoteConnectionClosed?: "it closed the connection"
        default:
            (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)".cut(to: 300)
        }
    }
}

extension HTTPClientResponse.Body {
    /// All bytes, or an error if there are more than `limit`.
    func collect(upTo limit: Int) async throws -> ByteBuffer {
        var all = ByteBuffer()
        for try await var part in self {
            all.writeBuffer(&part)
            guard all.readableBytes <= limit else {
                throw TrackingError.invalid(
                    what: "the answer of the server", reason: "it has more than \(limit) bytes",
                    advice: "Check that MLFLOW_TRACKING_URI is the address of an MLflow server.")
            }
        }
        return all
    }
}
