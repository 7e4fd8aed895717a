import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension Registry: BlobSource {
    var name: String { reference.description }
    var origin: Reference? { reference }

    /// What the reference names; layers are fetched when somebody reads them.
    ///
    /// - Parameter platform: of an index, the one image that is wanted; nil for all.
    public func pull(platform: Platform? = nil) async throws -> ImageOrIndex {
        let wanted = reference.digest.map { "\($0)" } ?? reference.tag ?? "latest"
        let (bytes, type) = try await manifest(wanted)
        let digest = Digest(of: bytes)
        if let pinned = reference.digest, pinned != digest {
            throw ContainerImageError.mismatch(
                what: "manifest of \(reference)", found: "\(digest)", expected: "\(pinned)")
        }
        return try await load(
            Descriptor(mediaType: type, digest: digest, size: Int64(bytes.readableBytes)), bytes, platform: platform)
    }

    func document(_ descriptor: Descriptor) async throws -> ByteBuffer {
        let (bytes, _) = try await manifest("\(descriptor.digest)")
        let found = Digest(of: bytes)
        guard found == descriptor.digest else {
            throw ContainerImageError.mismatch(
                what: "manifest of \(reference)", found: "\(found)", expected: "\(descriptor.digest)")
        }
        return bytes
    }

    /// - Parameter name: a tag or a digest.
    private func manifest(_ name: String) async throws -> (ByteBuffer, MediaType) {
        var headers = HTTPHeaders()
        for type in MediaType.documents { headers.add(name: "Accept", value: type.rawValue) }
        var attempt = 1
        while true {
            let answer = try await session.send(.GET, url("manifests/\(name)"), scope: scope("pull"), headers: headers)
            guard answer.status == 200 else { throw await refusal("manifest '\(name)'", answer) }
            do {
                let bytes = try await answer.document(
                    upTo: Self.largestDocument, named: "manifest '\(name)' of \(reference)")
                return (bytes, try mediaType(answer))
            } catch let error as ContainerImageError where error.isOutside && attempt < session.retry.attempts {
                try await session.retry.wait(after: attempt, nil)  // it was cut on its way
                attempt += 1
            }
        }
    }

    private func mediaType(_ answer: Transport.Answer) throws -> MediaType {
        let type = MediaType(
            rawValue: String((answer.headers.first(name: "Content-Type") ?? "").prefix { $0 != ";" }))
        guard MediaType.documents.contains(type) else {
            throw ContainerImageError.invalid(
                what: reference.description, reason: "its manifest is a '\(type.rawValue)', which is no image",
                advice: "Check the name.")
        }
        return type
    }

    func content(_ descriptor: Descriptor) throws -> Content {
        Content(size: descriptor.size) { offset in
            let answer = try await session.send(.GET, url("blobs/\(descriptor.digest)"), scope: scope("pull"))
            guard answer.status == 200 else { throw await refusal("blob \(descriptor.digest)", answer) }
            var iterator = answer.content.makeAsyncIterator()
            var skip = Int(offset)
            return {
                do {
                    while var bytes = try await iterator.next() {
                        let count = min(skip, bytes.readableBytes)
                        bytes.moveReaderIndex(forwardBy: count)
                        skip -= count
                        if bytes.readableBytes > 0 { return bytes }
                    }
                    return nil
                } catch {
                    throw ContainerImageError.unreachable(
                        request: "blob \(descriptor.digest) of \(reference.familiarName)",
                        reason: "the connection broke: \(error)")
                }
            }
        }
    }
}
