import NIOCore
import NIOHTTP1

extension Registry: BlobSource {
    var name: String { reference.description }
    var origin: Reference? { reference }

    /// Reads the image or the index that the reference names.
    ///
    /// Layers are fetched later, when they are read.
    ///
    /// - Parameter platform: The platform whose image is wanted if the reference names an index, or nil for all images.
    /// - Returns: The image or the index.
    /// - Throws: `ContainerImageError` if the registry does not answer or refuses, or a document is not valid or does not
    ///   match its digest.
    public func pull(platform: Platform? = nil) async throws -> ImageOrIndex {
        try await session.redacting { try await load(platform) }
    }

    private func load(_ platform: Platform?) async throws -> ImageOrIndex {
        let wanted = reference.digest.map { "\($0)" } ?? reference.tag ?? "latest"
        let (bytes, type) = try await manifest(wanted)
        let digest = Digest(of: bytes)
        if let pinned = reference.digest { try check(digest, pinned) }
        return try await load(
            Descriptor(mediaType: type, digest: digest, size: Int64(bytes.readableBytes)), bytes, platform: platform)
    }

    func document(_ descriptor: Descriptor) async throws -> ByteBuffer {
        let (bytes, _) = try await manifest("\(descriptor.digest)")
        try check(Digest(of: bytes), descriptor.digest)
        return bytes
    }

    private func check(_ found: Digest, _ expected: Digest) throws {
        guard found == expected else {
            throw ContainerImageError.mismatch(
                what: "manifest of \(reference)", found: "\(found)", expected: "\(expected)")
        }
    }

    /// Fetches the manifest or the index with the name `name`, a tag or a digest.
    private func manifest(_ name: String) async throws -> (ByteBuffer, MediaType) {
        var headers = HTTPHeaders()
        for type in MediaType.documents { headers.add(name: "Accept", value: type.rawValue) }
        let deadline = session.transport.pace.deadline(for: Int64(Document.largestSize))
        var attempt = 1
        while true {
            let answer = try await session.send(
                .GET, url("manifests/\(name)"), scope: scope("pull"), headers: headers, deadline: deadline)
            guard answer.status == 200 else { throw await refusal("manifest '\(name)'", answer) }
            do {
                let bytes = try await answer.document(
                    upTo: Document.largestSize, named: "manifest '\(name)' of \(reference)")
                return (bytes, try mediaType(answer))
            } catch let error as ContainerImageError where error.mayPass && attempt < session.retry.attempts {
                try await session.retry.wait(after: attempt, nil)  // the connection broke
                attempt += 1
            }
        }
    }

    private func mediaType(_ answer: Transport.Answer) throws -> MediaType {
        let type = MediaType(
            rawValue: String((answer.headers.first(name: "Content-Type") ?? "").prefix { $0 != ";" }))
        guard MediaType.documents.contains(type) else {
            throw ContainerImageError.invalid(
                what: reference.description,
                reason: "its manifest has the type '\(type.rawValue.singleLine)', which is not an image",
                advice: "Check the name.")
        }
        return type
    }

    func content(_ descriptor: Descriptor) throws -> Content {
        Content(size: descriptor.size) { offset in
            let reader = try await session.redacting { try await blob(descriptor) }
            var skip = Int(offset)
            return {
                try await session.redacting {
                    while var bytes = try await reader() {
                        let count = min(skip, bytes.readableBytes)
                        bytes.moveReaderIndex(forwardBy: count)
                        skip -= count
                        if bytes.readableBytes > 0 { return bytes }
                    }
                    return nil
                }
            }
        }
    }

    /// Starts to read a blob.
    private func blob(_ descriptor: Descriptor) async throws -> Content.Reader {
        let answer = try await session.send(.GET, url("blobs/\(descriptor.digest)"), scope: scope("pull"))
        guard answer.status == 200 else { throw await refusal("blob \(descriptor.digest)", answer) }
        return answer.reader(
            size: descriptor.size, named: "blob \(descriptor.digest) of \(reference.familiarName)")
    }
}
