import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

extension Connection {
    /// Fetches a file in pieces, and compares the digest if the server states one.
    ///
    /// If the connection breaks, the rest is asked for, provided that the server names the state of the file: by an entity
    /// tag, or by the generation of an object of Google.
    func fetch(_ url: URL, headers: HTTPHeaders = [:], _ receive: (ByteBuffer) throws -> Void) async throws {
        let name = "GET \(url.withoutSecrets)"
        var (received, failures): (Int64, Int) = (0, 0)
        var (state, digest): (FileState?, StatedDigest?) = (nil, nil)
        while true {
            let (address, more) = state?.rest(of: url, from: received) ?? (url, [:])
            var headers = headers
            headers.add(contentsOf: more)
            // The size is not known yet, so the time is that of the largest model.
            let answer = try await send(.GET, address, headers: headers, answerSize: 2 << 30)
            guard answer.status == (received == 0 ? 200 : 206) else {
                _ = try await document(answer, name)
                throw TrackingError.refused(request: name, status: answer.status, code: "", detail: "")
            }
            if received == 0 { (state, digest) = (FileState(answer.headers), StatedDigest(answer.headers)) }
            let before = received
            do {
                for try await bytes in answer.body {
                    received += Int64(bytes.readableBytes)
                    digest?.add(bytes)
                    do { try receive(bytes) } catch { throw ReceiverError(error: error) }
                }
                return try digest?.check(name) ?? ()
            } catch let error as ReceiverError {
                throw error.error
            } catch let error as TrackingError {
                throw error
            } catch {
                failures = received > before ? 1 : failures + 1
                guard !(error is CancellationError), state != nil, failures < patience.attempts else {
                    throw credentials.redact(
                        TrackingError.unreachable(
                            request: name, reason: "the connection broke: \(Connection.reason(error))"))
                }
                try await patience.wait(after: failures, nil)
            }
        }
    }

    /// An error of whoever receives the bytes, after which asking for more does not help.
    private struct ReceiverError: Error { let error: any Error }
}

/// What tells one state of a file from another, so that its rest can be asked for.
private struct FileState {
    private let tag: String?
    private let generation: String?

    init?(_ headers: HTTPHeaders) {
        generation = headers.first(name: "x-goog-generation")
        // A weak tag says only that two states mean the same.
        tag = headers.first(name: "ETag").flatMap { $0.hasPrefix("\"") ? $0 : nil }
        guard tag != nil || generation != nil else { return nil }
    }

    /// The request for the bytes from a position on.
    func rest(of url: URL, from position: Int64) -> (URL, HTTPHeaders) {
        guard position > 0 else { return (url, [:]) }
        let range = ("Range", "bytes=\(position)-")
        if let generation { return (url.adding("generation=\(percentEncoded(generation))"), HTTPHeaders([range])) }
        return (url, HTTPHeaders([range, ("If-Match", tag ?? "")]))
    }
}
