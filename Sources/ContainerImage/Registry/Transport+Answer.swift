import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension Transport {
    /// The answer to a request, whose body is still to be read.
    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        fileprivate var content: HTTPClientResponse.Body
        fileprivate var pace: Pace

        init(_ response: HTTPClientResponse, pace: Pace) {
            status = Int(response.status.code)
            headers = response.headers
            content = response.body
            self.pace = pace
        }

        /// Reads the body in chunks; `size` is the number of bytes that are expected at most.
        ///
        /// The reader throws if the connection breaks or is too slow.
        func reader(size: Int64, named name: String) -> Content.Reader {
            var iterator = content.makeAsyncIterator()
            var meter = TransferMeter(name, .sent, size: size, pace: pace)
            let silence = pace.silence
            return {
                let start = ContinuousClock.now
                let chunk: ByteBuffer?
                do {
                    chunk = try await iterator.next()
                } catch let error as CancellationError {
                    throw error
                } catch {
                    throw ContainerImageError.unreachable(
                        request: name, reason: "the connection broke: \(Transport.reason(error, silence))")
                }
                if let chunk { try meter.add(chunk.readableBytes, after: .now - start) }
                return chunk
            }
        }

        /// Reads the body of an answer that is a document, or throws if it has more than `limit` bytes.
        func document(upTo limit: Int, named name: String) async throws -> ByteBuffer {
            let reader = reader(size: Int64(limit), named: name)
            var all = ByteBuffer()
            while all.readableBytes <= limit, var bytes = try await reader() { all.writeBuffer(&bytes) }
            guard all.readableBytes <= limit else {
                throw ContainerImageError.invalid(
                    what: name, reason: "it has more than the \(limit) bytes that a document may have",
                    advice: "Check that this is an image.")
            }
            return all
        }

        /// Reads the start of a body that is only for information, such as that of an error.
        func body(upTo limit: Int = 64 << 10) async -> ByteBuffer {
            let reader = reader(size: Int64(limit), named: "")
            var all = ByteBuffer()
            // If the connection breaks or is too slow, the bytes that arrived before are still useful.
            while all.readableBytes <= limit, var bytes = try? await reader() { all.writeBuffer(&bytes) }
            return all
        }
    }
}

extension Content {
    /// The same bytes, for a request: in small pieces, and with an error if the registry takes them too slowly.
    ///
    /// `watch` learns when a piece is asked for.
    func metered(_ request: String, _ pace: Pace, _ watch: UploadWatch? = nil) -> Content {
        Content(size: size) { offset in
            let reader = try await self.reader(from: offset)
            var meter = TransferMeter(request, .taken, size: size, pace: pace)
            var rest = ByteBuffer()
            var handedOver: (bytes: Int, at: ContinuousClock.Instant)?
            return {
                watch?.demand()
                if let handedOver { try meter.add(handedOver.bytes, after: .now - handedOver.at) }
                if rest.readableBytes == 0 {
                    guard let next = try await reader() else {
                        watch?.finish()
                        return nil
                    }
                    rest = next
                }
                // A large piece would look like a long silence on a slow connection.
                let piece = rest.readSlice(length: Swift.min(rest.readableBytes, 32 << 10))
                handedOver = (piece?.readableBytes ?? 0, .now)
                return piece
            }
        }
    }
}
